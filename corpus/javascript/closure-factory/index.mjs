import { createRepository } from './repository.mjs';

const carts = createRepository('carts');
const orders = createRepository('orders');

export const handler = async ({ cart }) => {
  await orders.save({ id: cart.id, lines: cart.lines, placedAt: new Date().toISOString() });
  await carts.remove(cart.id);
};
