import { CloudWatchClient, PutMetricDataCommand, StandardUnit } from '@aws-sdk/client-cloudwatch';

const cloudwatch = new CloudWatchClient({});

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'Checkout',
        MetricData: [
          { MetricName: name, Value: performance.now() - started, Unit: StandardUnit.Milliseconds },
        ],
      }),
    );
  }
}

export const handler = async (event: { cart: number[] }): Promise<number> =>
  timed('TotalComputed', async () => event.cart.reduce((sum, price) => sum + price, 0));
