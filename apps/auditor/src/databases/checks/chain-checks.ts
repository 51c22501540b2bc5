import type { Schemas } from '../../schemas';
import type { Check } from '../check';

const walks = {
  schema: 'wallet',
  table: 'posting',
  key: 'wallet_id',
  place: 'sequence',
  index: 'by_sequence',
} as const;

/**
 * The postings of a page, each with the previous one in its wallet. The index is read once, in order: looking up the previous
 * posting for each would read a wallet of n postings n times.
 */
const chained = ({ wallet }: Schemas) => `
  SELECT p.id, p.wallet_id, p.sequence, p.amount, p.balance_after, p.created_at,
         COALESCE(LAG(p.balance_after) OVER (PARTITION BY p.wallet_id ORDER BY p.sequence), 0) AS balance_before,
         LAG(p.created_at) OVER (PARTITION BY p.wallet_id ORDER BY p.sequence) AS created_before
    FROM ${wallet}.posting p FORCE INDEX (by_sequence)
   WHERE p.wallet_id BETWEEN :first AND :last AND p.sequence IS NOT NULL
     AND (p.wallet_id > :first OR p.sequence >= :firstPlace)
     AND (p.wallet_id < :last OR p.sequence <= :lastPlace)`;

const IS_ON_THIS_PAGE = 'NOT (wallet_id = :first AND sequence = :firstPlace)';

/** Promises about a posting and the previous one in its wallet. */
export const chainChecks: Check[] = [
  {
    name: 'balance-after-chain',
    promise: 'the balance after a posting is the balance before it plus its amount',
    reads: ['wallet'],
    walks,
    broken: (schemas) => `
      SELECT id, wallet_id, sequence, balance_before, amount, balance_after
        FROM (${chained(schemas)}) chained
       WHERE ${IS_ON_THIS_PAGE} AND balance_after <> CAST(balance_before AS DECIMAL(38, 0)) + amount`,
  },
  {
    name: 'postings-go-forward',
    promise: 'no posting is older than the previous one in its wallet, so every past balance is unambiguous',
    reads: ['wallet'],
    walks,
    broken: (schemas) => `
      SELECT id, wallet_id, sequence, created_before, created_at
        FROM (${chained(schemas)}) chained
       WHERE ${IS_ON_THIS_PAGE} AND created_at < created_before`,
  },
];
