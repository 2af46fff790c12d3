import type { S3Client } from '@aws-sdk/client-s3';

declare global {
  interface Window {
    uploads: { put(key: string): Promise<void>; client?: S3Client };
  }
}

class Gallery {
  readonly #cache = new Map<string, Blob>();

  async get(key: string): Promise<Blob> {
    const known = this.#cache.get(key);
    if (known) return known;
    const response = await fetch(`/pictures/${key}`, { method: 'GET' });
    const blob = await response.blob();
    this.#cache.set(key, blob);
    window.localStorage.setItem('last', key);
    return blob;
  }

  async put(key: string): Promise<void> {
    await window.uploads.put(key);
    document.querySelector('#list')?.append(key);
  }
}

export const gallery = new Gallery();
