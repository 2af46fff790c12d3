import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';

// Created once per execution environment and reused by warm invocations.
const s3 = new S3Client({});

export async function handler() {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: 'shop-imports', Key: 'catalogue/products.json' }),
  );
  const products = JSON.parse(await Body.transformToString());
  const available = products.filter((product) => product.stock > 0);

  await s3.send(
    new PutObjectCommand({
      Bucket: 'shop-website',
      Key: 'data/available.json',
      Body: JSON.stringify(available),
      ContentType: 'application/json',
    }),
  );
  return { statusCode: 200, body: String(available.length) };
}
