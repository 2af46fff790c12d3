import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Row = Record<string, AttributeValue>;
type Sender = Pick<S3Client, 'config'>;

/** Describes what a reader may do; nothing is ever sent. */
export interface ObjectReader {
  getObject(input: { Bucket: string; Key: string }): Promise<GetObjectCommandOutput>;
  readonly sender?: Sender;
}

export const toPlain = (row: Row): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value.S ?? value.N ?? '']));

export const handler = async (event: { row: Row }) => toPlain(event.row);
