import { HoverboardClient, LiftCommand } from '@aws-sdk/client-hoverboard';

const client = new HoverboardClient({});

export const handler = async () => client.send(new LiftCommand({ height: 3 }));
