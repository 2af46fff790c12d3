export const enum Interval {
  Hourly = 'hourly',
  Daily = 'daily',
}

export namespace Names {
  const prefix = 'weather';

  export function bucket(interval: Interval): string {
    return `${prefix}-${interval}`;
  }

  export namespace Streams {
    export const events = prefix + '-events';
  }
}
