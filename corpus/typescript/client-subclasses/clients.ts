import { PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import DynamoDB from 'aws-sdk/clients/dynamodb';

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/moorings';

export class Plans extends S3Client {
  constructor(private readonly bucket: string, options: S3ClientConfig = {}) {
    super({ forcePathStyle: true, ...options });
  }

  keep(name: string, plan: string) {
    return this.send(new PutObjectCommand({ Bucket: this.bucket, Key: `plans/${name}`, Body: plan }));
  }
}

export class Jobs extends SQS {
  async push(MessageBody: string): Promise<void> {
    await this.sendMessage({ QueueUrl, MessageBody });
  }

  async clear(): Promise<void> {
    await super.purgeQueue({ QueueUrl });
  }
}

export class Register extends DynamoDB.DocumentClient {
  note(id: string) {
    return this.put({ TableName: 'moorings', Item: { id } }).promise();
  }
}
