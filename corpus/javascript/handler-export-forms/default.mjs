import read from './read.js';

export default async () => read('default');
