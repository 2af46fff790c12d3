import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const Bucket = 'client-portal';

export class Links {
  readonly #client = new S3Client({});

  download(invoice: number): Promise<string> {
    return this.sign(new GetObjectCommand({ Bucket, Key: `invoices/${invoice}.pdf` }));
  }

  upload(name: string): Promise<string> {
    return this.sign(new PutObjectCommand({ Bucket, Key: 'uploads/' + name }));
  }

  form(): Promise<PresignedPost> {
    return createPresignedPost(this.#client, { Bucket, Key: 'uploads/${filename}' });
  }

  private sign(command: GetObjectCommand | PutObjectCommand): Promise<string> {
    return getSignedUrl(this.#client, command, { expiresIn: 900 });
  }
}
