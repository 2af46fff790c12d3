const { CloudWatchLogs } = require("@aws-sdk/client-cloudwatch-logs");
exports.handler = async (event) => new CloudWatchLogs({}).deleteLogGroup({ logGroupName: event.name });
