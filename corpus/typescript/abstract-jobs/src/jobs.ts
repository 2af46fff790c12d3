import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { Job } from './job';

export class Print extends Job<{ pages: number }> {
  protected readonly queue = 'prints';

  protected async work({ pages }: { pages: number }) {
    await new DynamoDB({}).putItem({ TableName: this.queue, Item: { n: { N: `${pages}` } } });
  }
}

export class Scan extends Job<string> {
  protected readonly queue: string = 'scans';

  protected override async work(page: string) {
    await new S3({}).putObject({ Bucket: 'scans', Key: page, Body: page });
  }
}
