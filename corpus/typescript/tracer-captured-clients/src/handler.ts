import type { LambdaInterface } from '@aws-lambda-powertools/commons/types';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { dynamodb, s3, sns, tracer } from './clients';

class Check implements LambdaInterface {
  @tracer.captureMethod()
  private async load(id: string) {
    return dynamodb.send(new GetItemCommand({ TableName: 'passports', Key: { id: { S: id } } }));
  }

  @tracer.captureLambdaHandler()
  public async handler(event: { id: string; scan: string }, _context: unknown): Promise<void> {
    const { Item } = await this.load(event.id);
    if (!Item) throw new Error('unknown passport');
    await s3.send(
      new PutObjectCommand({ Bucket: 'passport-scans', Key: event.id, Body: event.scan }),
    );
    await sns.send(
      new PublishCommand({
        TopicArn: 'arn:aws:sns:eu-west-1:123456789012:passport-checked',
        Message: event.id,
      }),
    );
  }
}

const check = new Check();
export const handler = check.handler.bind(check);
