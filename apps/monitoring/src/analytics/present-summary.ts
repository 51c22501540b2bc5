import type { AnalyticsSummary } from '@souk/contracts';
import { CURRENCY, formatAmount, type Minor } from '@souk/money';
import type { AccountSum, KindSum, Sums } from './read-summary';
import { bucketIndexOf, bucketsOf, type SummaryRange } from './summary-range';

/** A summary as clients see it. */
export function presentSummary(
  range: SummaryRange,
  { kinds, accounts }: Sums,
  lagEvents: number | null,
): AnalyticsSummary {
  return {
    from: momentOf(range.from),
    to: momentOf(range.to),
    by: range.by,
    currency: CURRENCY,
    totals: presentTotals(kinds),
    buckets: presentBuckets(range, kinds),
    top_accounts: accounts.map(presentAccount),
    failure_reasons: presentReasons(kinds),
    lag_events: lagEvents,
  };
}

/** Includes empty buckets: a chart needs an axis without gaps. */
function presentBuckets(range: SummaryRange, kinds: readonly KindSum[]): AnalyticsSummary['buckets'] {
  const kindsByBucket = groupBy(kinds, ({ firstHourMs }) => bucketIndexOf(range, firstHourMs));
  return bucketsOf(range).map(({ from, to }, index) => {
    const bucketKinds = kindsByBucket.get(index) ?? [];
    return {
      from: momentOf(from),
      to: momentOf(to),
      ...presentTotals(bucketKinds),
      by_type: presentTypes(bucketKinds),
    };
  });
}

function presentTotals(kinds: readonly KindSum[]): AnalyticsSummary['totals'] {
  const completed = add(kinds.filter(({ status }) => status === 'completed'));
  const failed = add(kinds.filter(({ status }) => status === 'failed'));
  return {
    transactions: completed.transactions + failed.transactions,
    completed: completed.transactions,
    failed: failed.transactions,
    volume: formatAmount(completed.volume),
  };
}

function presentTypes(kinds: readonly KindSum[]): AnalyticsSummary['buckets'][number]['by_type'] {
  return [...groupBy(kinds, ({ type, status }) => `${type} ${status}`).values()].map((sums) => {
    const { type, status } = sums[0]!;
    return { type, status, ...presentSum(add(sums)) };
  });
}

function presentReasons(kinds: readonly KindSum[]): AnalyticsSummary['failure_reasons'] {
  const failed = kinds.filter(({ status }) => status === 'failed');
  return [...groupBy(failed, ({ reason }) => reason)]
    .map(([reason, sums]) => ({ reason, ...add(sums) }))
    .sort((a, b) => b.transactions - a.transactions || (a.reason < b.reason ? -1 : 1))
    .map(({ reason, ...sum }) => ({ reason, ...presentSum(sum) }));
}

const presentAccount = ({ accountId, transactions, volumeIn, volumeOut }: AccountSum) => ({
  account_id: accountId,
  transactions,
  volume_in: formatAmount(volumeIn),
  volume_out: formatAmount(volumeOut),
});

interface Sum {
  transactions: number;
  volume: Minor;
}

const add = (sums: readonly Sum[]): Sum => ({
  transactions: sums.reduce((total, { transactions }) => total + transactions, 0),
  volume: sums.reduce((total, { volume }) => total + volume, 0n),
});

const presentSum = ({ transactions, volume }: Sum) => ({ transactions, volume: formatAmount(volume) });

const momentOf = (ms: number) => new Date(ms).toISOString();

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
