import { Producer } from './producer';

interface Position {
  key: string;
  latitude: number;
  longitude: number;
}

export const handler = async (event: { positions: Position[] }): Promise<void> => {
  const producer = new Producer<Position>('vehicle-positions');
  for (const position of event.positions) {
    await producer.add(position);
  }
  await producer.flush();
};
