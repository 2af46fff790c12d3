import { PublishCommand } from '@aws-sdk/client-sns';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Dependencies } from './dependencies';

export const track =
  ({ documents, sns, names }: Dependencies) =>
  async (event: { id: string }) => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: names.table, Key: { id: event.id } }),
    );
    await sns.send(new PublishCommand({ TopicArn: names.topic, Message: Item ? 'seen' : 'lost' }));
  };
