const dynamoose = require('dynamoose');

const Lighthouse = dynamoose.model('Lighthouse', { id: String, height: Number });

exports.handler = async () => {
  await Lighthouse.create({ id: 'north', height: 41 });
  await Lighthouse.delete('north');
};
