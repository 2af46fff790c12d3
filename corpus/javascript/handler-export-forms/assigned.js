const read = require('./read');

module.exports = {
  async handler() {
    return read('assigned');
  },
};
