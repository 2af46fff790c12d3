export { readNotes } from './read';
export * from './save';
