import { write } from '#streams';
import raise from '#core/alarm';

export const handler = async ({ gate, alarm }) => {
  await write(gate);
  if (alarm) await raise(gate);
};
