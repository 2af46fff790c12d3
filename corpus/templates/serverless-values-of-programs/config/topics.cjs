const account = "123456789012";
exports.alerts = { arn: `arn:aws:sns:eu-west-1:${account}:alerts` };
