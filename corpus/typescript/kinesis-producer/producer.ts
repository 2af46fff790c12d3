import { Kinesis, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

const MAX_BATCH = 500;

export class Producer<Event extends { readonly key: string }> {
  private readonly kinesis: Kinesis;
  private pending: PutRecordsRequestEntry[] = [];

  public constructor(private readonly StreamName: string, kinesis?: Kinesis) {
    this.kinesis = kinesis ?? new Kinesis({});
  }

  async add(event: Event): Promise<void> {
    this.pending.push({ PartitionKey: event.key, Data: Buffer.from(JSON.stringify(event)) });
    if (this.pending.length >= MAX_BATCH) {
      await this.flush();
    }
  }

  async flush(): Promise<void> {
    const Records = this.pending.splice(0, MAX_BATCH);
    if (Records.length === 0) return;
    const { FailedRecordCount = 0 } = await this.kinesis.putRecords({
      StreamName: this.StreamName,
      Records,
    });
    if (FailedRecordCount > 0) {
      throw new Error(`${FailedRecordCount} records were refused`);
    }
  }
}
