import read from './read.js';

export const handler = async () => read('named');
