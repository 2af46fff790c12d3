import { container } from './container';
import { Delays } from './delays';

export const handler = async (event: { line: string; minutes: number }) => {
  const delays = container.resolve(Delays);
  await delays.announce(event.line, event.minutes);
};
