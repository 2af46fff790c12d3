import { campsite } from './entities';

export async function handler() {
  await campsite.transaction
    .write(({ tent, booking }) => [
      tent.create({ id: 't', pitch: 'p' }).commit(),
      booking.upsert({ id: 'b', pitch: 'p', nights: 2 }).commit(),
    ])
    .go();
  const { data } = await campsite.collections.pitch({ pitch: 'p' }).go();
  return data.tent.length + data.booking.length;
}
