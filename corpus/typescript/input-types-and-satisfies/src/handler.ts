import { DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient, type GetParameterCommandInput } from '@aws-sdk/client-ssm';

const dynamodb = new DynamoDBClient({});
const ssm = new SSMClient({});

const TABLE = process.env['FLIGHTS_TABLE']!;
const INDEXES = { airport: 'by-airport', day: 'by-day' } as const;

const parameter = {
  Name: '/flights/default-airport',
} satisfies GetParameterCommandInput;

async function defaultAirport(): Promise<string> {
  const { Parameter } = await ssm.send(new GetParameterCommand(parameter));
  return Parameter!.Value!;
}

export const handler = async (event: { airport?: string }): Promise<number> => {
  const airport: string = event.airport ?? (await defaultAirport());
  const input: QueryCommandInput = {
    TableName: TABLE,
    IndexName: INDEXES.airport,
    KeyConditionExpression: 'airport = :airport',
    ExpressionAttributeValues: { ':airport': { S: airport } },
  };
  const result = await dynamodb.send(new QueryCommand(input));
  return result.Count ?? 0;
};
