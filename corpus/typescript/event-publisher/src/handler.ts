import { createPublisher } from './publisher';

const publish = createPublisher('shop.checkout');

export const handler = async (event: { orderId: string; total: number }) => {
  const failed = await publish(
    { type: 'OrderPlaced', payload: event },
    { type: 'PaymentRequested', payload: { orderId: event.orderId } },
  );
  if (failed > 0) {
    throw new Error(`${failed} events were not accepted`);
  }
};
