import type { SQSEvent } from 'aws-lambda';
import { Print, Scan } from './jobs';

export async function handler({ Records }: SQSEvent): Promise<void> {
  for (const { body, receiptHandle, attributes } of Records) {
    if (attributes.MessageGroupId === 'scan') await new Scan().run(body, receiptHandle);
    else await new Print().run(JSON.parse(body), receiptHandle);
  }
}
