import { Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

export const DOCUMENTS = Symbol('DOCUMENTS');

@Global()
@Module({
  imports: [ConfigModule],
  providers: [
    {
      provide: DOCUMENTS,
      useFactory: (config: ConfigService) =>
        DynamoDBDocument.from(new DynamoDBClient({ region: config.get<string>('REGION') })),
      inject: [ConfigService],
    },
    { provide: S3Client, useValue: new S3Client({}) },
    { provide: 'PRINT_QUEUE', useFactory: () => new SQS({}) },
    { provide: 'TABLE_NAME', useValue: 'clinic-patients' },
  ],
  exports: [DOCUMENTS, S3Client, 'PRINT_QUEUE', 'TABLE_NAME'],
})
export class AwsModule {}
