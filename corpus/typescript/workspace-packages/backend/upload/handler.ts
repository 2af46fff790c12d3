import Catalogue from 'gallery-catalogue';
import { store } from '@gallery/storage';
import { storeThumb } from '@gallery/storage/thumbs';
import { buckets } from '@gallery/storage/names/buckets';

const catalogue = new Catalogue();

export async function handler(event: { id: string; picture: string; thumb: string }) {
  await store(buckets.originals, event.id, Buffer.from(event.picture, 'base64'));
  await storeThumb(event.id, Buffer.from(event.thumb, 'base64'));
  await catalogue.add(event.id);
}
