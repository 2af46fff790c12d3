export const buckets = { originals: 'gallery-originals', thumbs: 'gallery-thumbs' } as const;
