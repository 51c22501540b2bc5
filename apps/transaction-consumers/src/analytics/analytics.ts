import type { Consumer } from '../consumer';
import { sumByHour } from './hourly-sums';
import { addAccountHours, addHours, deleteSums } from './sum-store';

/**
 * Counts transactions and what they move, by the hour and by account. Additions commute, so replicas apply events of different
 * accounts in any order; the rows of an hour, which they share, come last, so that they are locked for the shortest time.
 */
export function createAnalytics(): Consumer {
  return {
    name: 'analytics',
    apply: async (tx, events) => {
      const { hours, accountHours } = sumByHour(events);
      await addAccountHours(tx, accountHours);
      await addHours(tx, hours);
      return [];
    },
    forget: deleteSums,
  };
}
