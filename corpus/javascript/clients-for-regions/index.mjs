import { DescribeInstancesCommand, EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';

const clients = ['eu-west-1', 'us-east-1'].map((region) => new EC2Client({ region }));

export const handler = async () => {
  for (const client of clients) {
    const { Reservations } = await client.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'tag:night', Values: ['off'] }] }),
    );
    const InstanceIds = Reservations.flatMap(({ Instances }) => Instances).map((i) => i.InstanceId);
    if (InstanceIds.length) {
      await client.send(new StopInstancesCommand({ InstanceIds }));
    }
  }
};
