import 'reflect-metadata';
import { container, instanceCachingFactory } from 'tsyringe';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';

container.register('TopicArn', { useValue: 'arn:aws:sns:eu-west-1:123456789012:tram-delays' });
container.register('Lines', { useValue: 'tram-lines' });
container.registerInstance(SNSClient, new SNSClient({}));
container.register('Dynamo', { useFactory: instanceCachingFactory(() => new DynamoDBClient({})) });

export { container };
