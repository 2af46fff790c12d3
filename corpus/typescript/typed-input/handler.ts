import {
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type PutItemCommandInput,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';

const client: DynamoDBClient = new DynamoDBClient({});

interface Reading {
  meter: string;
  takenAt: number;
  kilowattHours: number;
}

export const handler = async (reading: Reading): Promise<number> => {
  const input: PutItemCommandInput = {
    TableName: 'meter-readings',
    Item: {
      meter: { S: reading.meter },
      takenAt: { N: String(reading.takenAt) },
      kilowattHours: { N: String(reading.kilowattHours) },
    },
  };
  await client.send(new PutItemCommand(input));

  const query = {
    TableName: 'meter-readings',
    KeyConditionExpression: 'meter = :meter',
    ExpressionAttributeValues: { ':meter': { S: reading.meter } },
    Select: 'COUNT',
  } satisfies QueryCommandInput;
  const { Count } = await client.send(new QueryCommand(query));
  return Count ?? 0;
};
