import { readTarget } from './settings/index.mjs';
import { writeReading } from './readings.cjs';

export async function handler() {
  const target = await readTarget();
  await writeReading(Number(target) - 1);
  return target;
}
