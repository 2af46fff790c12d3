import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

export const handler = async (event: { table: string; id: string; queue: string }) => {
  const found = await dynamodb.send(
    new GetItemCommand({
      /* perm-infer: resource arn:aws:dynamodb:eu-west-1:123456789012:table/orders-* */
      TableName: event.table,
      Key: { id: { S: event.id } },
    }),
  );

  // perm-infer: resource arn:aws:dynamodb:*:*:table/orders-old
  // perm-infer: resource arn:aws:dynamodb:*:*:table/orders-new
  await dynamodb.send(new QueryCommand({ TableName: event.table, KeyConditionExpression: "id = :id" }));

  /**
   * Only on the developer's machine.
   * perm-infer: ignore
   */
  await sqs.send(new SendMessageCommand({ QueueUrl: event.queue, MessageBody: event.id }));
  return found.Item;
};
