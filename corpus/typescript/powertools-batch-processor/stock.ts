import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';

const processor = new BatchProcessor(EventType.SQS, { parser });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sns = new SNSClient({});

class Stock {
  sell = async (record: SQSRecord): Promise<void> => {
    const { sku, count } = JSON.parse(record.body);
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: 'stock-levels',
        Key: { sku },
        UpdateExpression: 'ADD available :sold',
        ExpressionAttributeValues: { ':sold': -count },
        ReturnValues: 'ALL_NEW',
      }),
    );
    if (Attributes?.available <= 0) await this.soldOut(sku);
  };

  private soldOut = (sku: string) =>
    sns.send(
      new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:sold-out', Message: sku }),
    );
}

const stock = new Stock();

export const handler: SQSHandler = async (event: SQSEvent, context) =>
  processPartialResponse(event, stock.sell, processor, { context });
