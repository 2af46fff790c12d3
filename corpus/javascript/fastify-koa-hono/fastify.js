const fastify = require('fastify')({ logger: true });
const plugin = require('fastify-plugin');
const { queue } = require('./queue');

fastify.register(
  plugin(async (instance) => {
    instance.decorate('enqueue', queue('fastify'));
  }),
);

fastify.route({
  method: 'POST',
  url: '/jobs',
  handler: async function (request, reply) {
    await queue('fastify')(request.body);
    return reply.code(202).send();
  },
});

fastify.listen({ port: 3000 });
