const resources = require('./config/resources');

module.exports = { ...resources, region: 'us-east-1' };
