import { Injectable, Logger } from '@nestjs/common';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { KinesisClient } from '@aws-sdk/client-kinesis';

@Injectable()
export class AuditService {
  private readonly logger = new Logger(AuditService.name);

  constructor(private readonly kinesis: KinesisClient) {}

  async record(action: string, subject: string): Promise<void> {
    const result = await this.kinesis.send(
      new PutRecordCommand({
        StreamName: 'audit-events',
        PartitionKey: subject,
        Data: Buffer.from(JSON.stringify({ action, subject })),
      }),
    );
    this.logger.log(`recorded as ${result.SequenceNumber}`);
  }
}
