export * from './documents';
export { default as notify } from './notify';
export type { Contract } from './types';
