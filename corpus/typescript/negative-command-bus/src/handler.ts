import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CommandBus, PublishCommand, PutItemCommand } from './bus';

const cloudwatch = new CloudWatchClient({});
const seen: object[] = [];

const bus = new CommandBus()
  .register('PutItemCommand', async ({ input }) => void seen.push(input as object))
  .register('PublishCommand', async ({ input }) => console.log(input));

export const handler = async (): Promise<void> => {
  await bus.send(new PutItemCommand({ TableName: 'no-table', Item: {} }));
  await bus.send(new PublishCommand({ TopicArn: 'no-topic', Message: 'hello' }));
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: 'CommandBus',
      MetricData: [{ MetricName: 'Seen', Value: seen.length }],
    }),
  );
};
