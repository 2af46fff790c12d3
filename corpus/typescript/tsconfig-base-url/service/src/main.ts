import { order } from 'orders/order';

export const handler = (event: { litres: number }) => order(event.litres);
