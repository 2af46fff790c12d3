import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

const ddb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = 'chat-connections';

export const handler = async (event) => {
  const { domainName, stage } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const { Items: connections } = await ddb.send(
    new ScanCommand({ TableName, ProjectionExpression: 'connectionId' }),
  );

  const posts = connections.map(async ({ connectionId }) => {
    try {
      await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: event.body }));
    } catch (error) {
      if (error.name !== 'GoneException') {
        throw error;
      }
      await ddb.send(new DeleteCommand({ TableName, Key: { connectionId } }));
    }
  });
  await Promise.all(posts);
  return { statusCode: 200 };
};
