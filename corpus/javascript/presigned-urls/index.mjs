import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';

const s3 = new S3Client({});
const FIVE_MINUTES = 300;

const responses = {
  async download(id) {
    const command = new GetObjectCommand({ Bucket: 'shared-documents', Key: `published/${id}.pdf` });
    return { url: await getSignedUrl(s3, command, { expiresIn: FIVE_MINUTES }) };
  },
  async upload(id) {
    const command = new PutObjectCommand({ Bucket: 'shared-documents', Key: `incoming/${id}.pdf` });
    return { url: await getSignedUrl(s3, command, { expiresIn: FIVE_MINUTES }) };
  },
  form(id) {
    return createPresignedPost(s3, {
      Bucket: 'shared-pictures',
      Key: `incoming/${id}.png`,
      Conditions: [['content-length-range', 0, 5_000_000]],
      Expires: FIVE_MINUTES,
    });
  },
};

export async function handler(event) {
  const id = event.pathParameters.id;
  switch (event.routeKey) {
    case 'GET /documents/{id}':
      return responses.download(id);
    case 'PUT /documents/{id}':
      return responses.upload(id);
    default:
      return responses.form(id);
  }
}
