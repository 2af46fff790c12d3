import { PutObjectCommand, S3Client } from 'npm:@aws-sdk/client-s3@^3.600.0';
import { getSignedUrl } from 'npm:@aws-sdk/s3-request-presigner';

const s3 = new S3Client({ region: 'eu-north-1' });

Deno.serve(async (request: Request) => {
  const { card } = await request.json();
  const command = new PutObjectCommand({ Bucket: 'postcards', Key: `${card}` });
  return Response.json({ url: await getSignedUrl(s3, command, { expiresIn: 300 }) });
});
