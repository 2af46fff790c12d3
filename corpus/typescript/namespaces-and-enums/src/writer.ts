import { Firehose } from '@aws-sdk/client-firehose';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Interval, Names } from './names';

export class Writer {
  static #client: S3Client;
  static readonly stream: string;

  static {
    Writer.#client = new S3Client({});
    (Writer as { stream: string }).stream = Names.Streams.events;
  }

  constructor(private readonly interval: Interval) {}

  private get bucket(): string {
    return Names.bucket(this.interval);
  }

  protected key(city: string): string {
    return `raw/${city}.json`;
  }

  async write(city: string, body: string) {
    await Writer.#client.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: this.key(city), Body: body }),
    );
    await new Firehose({}).putRecord({
      DeliveryStreamName: Writer.stream,
      Record: { Data: Buffer.from(city) },
    });
  }
}

export class DailyWriter extends Writer {
  constructor() {
    super(Interval.Daily);
  }

  protected override key(city: string): string {
    return city;
  }
}
