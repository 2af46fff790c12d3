import { inject, injectable } from 'tsyringe';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

@injectable()
export class Lines {
  constructor(
    @inject('Dynamo') private readonly client: DynamoDBClient,
    @inject('Lines') private readonly table: string,
  ) {}

  async name(id: string): Promise<string | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } }),
    );
    return Item?.name?.S;
  }
}

@injectable()
export class Delays {
  constructor(
    private readonly sns: SNSClient,
    private readonly lines: Lines,
    @inject('TopicArn') private readonly topic: string,
  ) {}

  async announce(line: string, minutes: number) {
    const name = await this.lines.name(line);
    await this.sns.send(
      new PublishCommand({ TopicArn: this.topic, Message: `${name} is ${minutes} late` }),
    );
  }
}
