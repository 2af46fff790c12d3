var e=require("@aws-sdk/client-dynamodb");exports.handler=async t=>new e.DynamoDBClient({}).send(new e.PutItemCommand({TableName:process.env.TABLE,Item:{id:{S:t.id}}}));
//# sourceMappingURL=index.js.map
