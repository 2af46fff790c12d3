import read from './read.js';

async function get() {
  return read('aliased');
}

export { get as handler };
