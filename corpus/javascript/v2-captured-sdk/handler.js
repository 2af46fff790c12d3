const AWS = require('./lib/aws');
const store = require('./lib/store');

const lambda = new AWS.Lambda();

module.exports.quote = (event, context, callback) => {
  const found = event.id ? store.byId(event.id) : store.byTraveller(event.traveller);
  found
    .then((items) =>
      lambda
        .invoke({ FunctionName: 'price-quote', Payload: JSON.stringify(items) })
        .promise(),
    )
    .then((result) => callback(null, JSON.parse(result.Payload)))
    .catch(callback);
};
