import { ListObjectsV2Command, S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const s3 = new S3Client({});
const Bucket = 'gallery-pictures';

async function pictures(): Promise<{ key: string; url: string }[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 50 }));
  return Promise.all(
    Contents.map(async ({ Key }) => ({
      key: Key!,
      url: await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 900 }),
    })),
  );
}

export default async function GalleryPage() {
  const items = await pictures();
  return (
    <main>
      <h1>Gallery</h1>
      {items.length === 0 ? (
        <p>Nothing here yet.</p>
      ) : (
        <ul>
          {items.map(({ key, url }) => (
            <li key={key}>
              <img src={url} alt={key} loading="lazy" />
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
