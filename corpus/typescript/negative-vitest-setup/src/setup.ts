import { vi } from 'vitest';
import { S3Client } from '@aws-sdk/client-s3';

export const send = vi.fn().mockResolvedValue({ Contents: [] });

vi.mock('@aws-sdk/client-s3', async (original) => ({
  ...(await original<object>()),
  S3Client: vi.fn(() => ({ send })),
}));

export const spy = vi.spyOn(S3Client.prototype, 'send').mockImplementation(async () => ({}));
