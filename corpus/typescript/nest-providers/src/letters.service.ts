import { Inject, Injectable } from '@nestjs/common';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { DOCUMENTS } from './aws.module';

@Injectable()
export class LettersService {
  @Inject('PRINT_QUEUE') private readonly queue;

  constructor(
    private readonly s3: S3Client,
    @Inject(DOCUMENTS) private readonly documents: DynamoDBDocument,
    @Inject('TABLE_NAME') private readonly table: string,
  ) {}

  async send(patient: string, text: string): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({ Bucket: 'clinic-letters', Key: `letters/${patient}.txt`, Body: text }),
    );
    await this.documents.update({
      TableName: this.table,
      Key: { id: patient },
      UpdateExpression: 'ADD letters :one',
      ExpressionAttributeValues: { ':one': 1 },
    });
    await this.queue.sendMessage({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/clinic-print',
      MessageBody: patient,
    });
  }
}
