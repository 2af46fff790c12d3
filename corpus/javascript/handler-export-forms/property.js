const read = require('./read');

const handlers = (exports = module.exports);
handlers['main'] = async () => read('property');
