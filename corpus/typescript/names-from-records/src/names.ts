type Stage = 'dev' | 'live';

export const tables: Record<Stage, { tickets: string }> = {
  dev: { tickets: 'dev-tickets' },
  live: { tickets: 'live-tickets' },
};

export const buckets = new Map([
  ['eu', 'tickets-eu'],
  ['us', 'tickets-us'],
]);

export function topic(state: string): string {
  switch (state) {
    case 'new':
    case 'open':
      return 'opened';
    case 'done':
      return 'closed';
    default:
      throw new RangeError(state);
  }
}
