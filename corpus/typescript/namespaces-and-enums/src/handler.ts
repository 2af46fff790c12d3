import { Interval } from './names';
import { DailyWriter, Writer } from './writer';

const writers = [new Writer(Interval.Hourly), new DailyWriter()];

export const handler = async (event: { city: string; body: string }) => {
  await Promise.all(writers.map((writer) => writer.write(event.city, event.body)));
};
