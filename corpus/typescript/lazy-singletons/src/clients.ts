import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';

let s3: S3Client | undefined;

export function getS3(): S3Client {
  if (!s3) {
    s3 = new S3Client({});
  }
  return s3;
}

export class Clients {
  private static instance?: Clients;
  readonly dynamodb: DynamoDBClient;

  private constructor() {
    this.dynamodb = new DynamoDBClient({ maxAttempts: 2 });
  }

  static get(): Clients {
    return (Clients.instance ??= new Clients());
  }
}
