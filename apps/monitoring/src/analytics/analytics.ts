import type { Consumer } from '../consumer';
import { sumByHour } from './hourly-sums';
import { addAccountHours, addHours, deleteSums } from './sum-store';

/**
 * Sums transactions and their volumes per hour, and per account and hour. Additions commute, so replicas can apply events of
 * different accounts in any order. Accounts share the hour rows, so they are written last and locked as briefly as possible.
 */
export function createAnalytics(): Consumer {
  return {
    name: 'analytics',
    apply: (tx, events) => {
      const { hours, accountHours } = sumByHour(events);
      addAccountHours(tx, accountHours);
      addHours(tx, hours);
      return Promise.resolve([]);
    },
    forget: deleteSums,
  };
}
