export interface Command<T = unknown> {
  readonly input: T;
}

export type Handler = (command: Command) => Promise<void>;

/** A command bus of the application itself: `send` dispatches in memory. */
export class CommandBus {
  private readonly handlers = new Map<string, Handler>();

  register(name: string, handler: Handler): this {
    this.handlers.set(name, handler);
    return this;
  }

  async send(command: Command): Promise<void> {
    await this.handlers.get(command.constructor.name)?.(command);
  }
}

export class PutItemCommand implements Command<{ TableName: string; Item: object }> {
  constructor(readonly input: { TableName: string; Item: object }) {}
}

export class PublishCommand implements Command<{ TopicArn: string; Message: string }> {
  constructor(readonly input: { TopicArn: string; Message: string }) {}
}
