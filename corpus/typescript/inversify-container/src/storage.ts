import { inject, injectable } from 'inversify';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { TYPES, type Storage } from './types';

@injectable()
export class S3Storage implements Storage {
  @inject(TYPES.Client) private readonly client!: S3Client;

  constructor(@inject(TYPES.Bucket) private readonly bucket: string) {}

  async read(key: string): Promise<string> {
    const result = await this.client.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: key }),
    );
    return result.Body!.transformToString();
  }

  async write(key: string, text: string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: text }));
  }
}
