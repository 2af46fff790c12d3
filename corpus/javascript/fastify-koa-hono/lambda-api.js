const api = require('lambda-api')({ version: 'v1' });
const { queue } = require('./queue');

api.register((routes) => {
  routes.post('/jobs', async (request, response) => {
    await queue('lambda')(request.body);
    response.status(202).send();
  });
}, { prefix: '/v1' });

exports.handler = async (event, context) => api.run(event, context);
