export * from './subscribers.js';
export { default as enqueue } from './mailbox.js';
export * as clients from './clients.js';
