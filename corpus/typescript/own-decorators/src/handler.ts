import { Counter } from './counter';

const counter = new Counter();

export const handler = (event: { id: string }) => counter.up(event.id);
