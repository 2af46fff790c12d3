import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';

@Injectable()
export class RecipesService {
  private readonly table: string;

  constructor(private readonly config: ConfigService) {
    this.table = config.getOrThrow<string>('RECIPES_TABLE');
  }

  async add(id: string, image: Uint8Array): Promise<void> {
    const Bucket = this.config.get<string>('storage.bucket', { infer: true });
    await new S3({}).putObject({ Bucket, Key: id, Body: image });
    await new DynamoDB({}).putItem({ TableName: this.table, Item: { id: { S: id } } });
    await new SNS({}).publish({ TopicArn: this.config.get('messages.topic'), Message: id });
  }
}
