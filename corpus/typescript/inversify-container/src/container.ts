import { Container } from 'inversify';
import { S3Client } from '@aws-sdk/client-s3';
import { S3Storage } from './storage';
import { TYPES, type Storage } from './types';

const container = new Container();
container.bind<string>(TYPES.Bucket).toConstantValue('opera-scores');
container.bind<S3Client>(TYPES.Client).toDynamicValue(() => new S3Client({})).inSingletonScope();
container.bind<Storage>(TYPES.Storage).to(S3Storage);

export { container };
