const name = (stage) => `shop-jobs-${stage}`;

module.exports.url = async () => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name("dev")}`;
