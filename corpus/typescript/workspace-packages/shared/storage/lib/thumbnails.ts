import { store } from './entry';
import { buckets } from '@gallery/storage/names/buckets';

export const storeThumb = (key: string, body: Uint8Array) => store(buckets.thumbs, key, body);
