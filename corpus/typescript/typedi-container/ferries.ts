import 'reflect-metadata';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Container, Inject, Service, Token } from 'typedi';

export const DELAYS = new Token<string>('delays');

Container.set(DELAYS, 'arn:aws:sns:eu-west-1:123456789012:delays');
Container.set({ id: 'sns', factory: () => new SNSClient({}) });
Container.set(SSMClient, new SSMClient({ region: 'eu-west-1' }));

@Service()
export class Timetable {
  constructor(private readonly ssm: SSMClient) {}

  async load(): Promise<string> {
    const { Parameter } = await this.ssm.send(new GetParameterCommand({ Name: '/ferries/timetable' }));
    return Parameter?.Value ?? '';
  }
}

@Service()
export class Delays {
  @Inject('sns')
  private readonly sns!: SNSClient;

  constructor(
    private readonly timetable: Timetable,
    @Inject(DELAYS) private readonly topic: string,
  ) {}

  async announce(ferry: string): Promise<void> {
    const timetable = await this.timetable.load();
    await this.sns.send(
      new PublishCommand({ TopicArn: this.topic, Message: `${ferry} is late: ${timetable}` }),
    );
  }
}

export const handler = async (event: { ferry: string }): Promise<void> =>
  Container.get(Delays).announce(event.ferry);
