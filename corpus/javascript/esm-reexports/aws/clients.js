import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';

export const database = new DynamoDBClient({});
const sns = new SNSClient({});
export { sns as default };
