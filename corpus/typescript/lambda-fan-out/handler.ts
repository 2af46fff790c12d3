import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const lambda = new LambdaClient({});

enum Target {
  Resize = 'image-resize',
  Tag = 'image-tag',
}

async function invoke<T>(FunctionName: string, payload: object, type: InvocationType): Promise<T | undefined> {
  const { Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName,
      InvocationType: type,
      Payload: new TextEncoder().encode(JSON.stringify(payload)),
    }),
  );
  return Payload?.length ? (JSON.parse(new TextDecoder().decode(Payload)) as T) : undefined;
}

export const handler = async (event: { pictures: string[] }) => {
  await Promise.all(event.pictures.map((picture) => invoke(Target.Resize, { picture }, 'Event')));
  const tags = await invoke<string[]>(Target.Tag, event, InvocationType.RequestResponse);
  await lambda.send(
    new InvokeCommand({ FunctionName: 'image-index', Qualifier: 'live', Payload: JSON.stringify(tags) }),
  );
};
