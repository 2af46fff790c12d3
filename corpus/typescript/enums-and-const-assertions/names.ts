export enum Table {
  Players = 'league-players',
  Matches = 'league-matches',
}

export const BUCKETS = {
  replays: 'league-replays',
  avatars: 'league-avatars',
} as const;

export type BucketName = (typeof BUCKETS)[keyof typeof BUCKETS];
