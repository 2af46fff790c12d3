import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const bedrock = new BedrockRuntimeClient({});

const models = {
  short: 'anthropic.claude-3-haiku-20240307-v1:0',
  long: 'amazon.titan-text-express-v1',
} as const;

const messages = (text: string) => [{ role: 'user' as const, content: [{ text }] }];

export async function answer(text: string): Promise<string | undefined> {
  const { output } = await bedrock.send(
    new ConverseCommand({ modelId: models.short, messages: messages(text) }),
  );
  return output?.message?.content?.[0].text;
}

export async function* tell(text: string): AsyncGenerator<string> {
  const { stream } = await bedrock.send(
    new ConverseStreamCommand({ modelId: models.long, messages: messages(text) }),
  );
  for await (const event of stream ?? []) {
    yield event.contentBlockDelta?.delta?.text ?? '';
  }
}
