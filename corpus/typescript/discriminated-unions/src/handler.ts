import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SFN } from '@aws-sdk/client-sfn';

type Message =
  | { readonly kind: 'arrive'; readonly plate: string }
  | { readonly kind: 'leave'; readonly plate: string }
  | { readonly kind: 'wash'; readonly plate: string; readonly wax: boolean };

const cars = new DynamoDB({});
const TableName = 'garage-cars';

function unreachable(message: never): never {
  throw new TypeError(JSON.stringify(message));
}

export async function handler(message: Message): Promise<void> {
  switch (message.kind) {
    case 'arrive':
      await cars.putItem({ TableName, Item: { plate: { S: message.plate } } });
      break;
    case 'leave':
      await cars.deleteItem({ TableName, Key: { plate: { S: message.plate } } });
      break;
    case 'wash':
      await new SFN({}).startExecution({
        stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:wash',
        input: JSON.stringify({ ...message }),
      });
      break;
    default:
      unreachable(message);
  }
}
