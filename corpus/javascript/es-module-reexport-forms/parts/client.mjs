import { DynamoDB } from '@aws-sdk/client-dynamodb';

export default new DynamoDB({});
export const TableName = 'lanterns';
