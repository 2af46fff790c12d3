export { default as ssm } from './ssm.mjs';
export { nameOf } from './names.mjs';
