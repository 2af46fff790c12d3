const { container } = require('./container');

exports.handler = async (event) => {
  await container.resolve('archive').keep(event.plan);
  await container.cradle.printer.print(event.plan.id);
};
