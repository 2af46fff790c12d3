export { default as light } from './read.mjs';
export * from './write.mjs';
export * as internals from './client.mjs';
