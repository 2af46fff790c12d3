import { Amplify } from 'aws-amplify';
import { fetchAuthSession } from 'aws-amplify/auth';
import { generateClient } from 'aws-amplify/data';
import { getUrl, uploadData } from 'aws-amplify/storage';

// No @aws-sdk client is made here.
Amplify.configure({ Storage: { S3: { bucket: 'photos', region: 'eu-west-1' } } });
const client = generateClient();

export async function save(file: File): Promise<string> {
  await uploadData({ path: `public/${file.name}`, data: file }).result;
  await client.models.Photo.create({ name: file.name });
  const { url } = await getUrl({ path: `public/${file.name}` });
  const { tokens } = await fetchAuthSession();
  return `${url}?token=${tokens?.idToken}`;
}
