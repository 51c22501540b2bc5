import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'posting', key: 'id' } as const;

/** What holds of every posting: what it refers to, and the balance it carries. */
export const postingChecks: Check[] = [
  {
    name: 'posting-has-its-rows',
    promise: 'the transaction, the wallet and the currency of a posting exist, and the currency is that of the wallet',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT p.id, p.transaction_id, p.wallet_id, p.currency,
             t.id IS NOT NULL AS has_transaction, w.currency AS wallet_currency, c.code IS NOT NULL AS has_currency
        FROM ${wallet}.posting p
        LEFT JOIN ${wallet}.transaction t ON t.id = p.transaction_id
        LEFT JOIN ${wallet}.wallet w ON w.id = p.wallet_id
        LEFT JOIN ${wallet}.currency c ON c.code = p.currency
       WHERE p.id BETWEEN ? AND ? AND (t.id IS NULL OR c.code IS NULL OR NOT (w.currency <=> p.currency))`,
  },
  {
    name: 'posting-carries-a-balance',
    promise: 'a posting carries a balance and a sequence, one of a system wallet neither',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT p.id, p.wallet_id, a.role, p.balance_after, p.sequence
        FROM ${wallet}.posting p
        JOIN ${wallet}.wallet w ON w.id = p.wallet_id
        JOIN ${wallet}.account a ON a.id = w.account_id
       WHERE p.id BETWEEN ? AND ?
         AND ((p.balance_after IS NULL) <> (a.role = 'system') OR (p.sequence IS NULL) <> (a.role = 'system'))`,
  },
  {
    // The one before it is found by the key of (wallet_id, sequence), so a wallet of a million postings is walked in pages too.
    name: 'balance-after-chain',
    promise: 'the balance after a posting is the one after the posting before it, plus its amount',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT id, wallet_id, sequence, balance_before, amount, balance_after
        FROM (SELECT p.id, p.wallet_id, p.sequence, p.amount, p.balance_after,
                     COALESCE((SELECT q.balance_after FROM ${wallet}.posting q
                                WHERE q.wallet_id = p.wallet_id AND q.sequence < p.sequence
                                ORDER BY q.sequence DESC LIMIT 1), 0) AS balance_before
                FROM ${wallet}.posting p
               WHERE p.id BETWEEN ? AND ? AND p.sequence IS NOT NULL) chained
       WHERE balance_after <> CAST(balance_before AS DECIMAL(38, 0)) + amount`,
  },
  {
    name: 'postings-go-forward',
    promise: 'no posting of a wallet is older than the one before it, so that a balance at a moment is one',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT id, wallet_id, sequence, created_before, created_at
        FROM (SELECT p.id, p.wallet_id, p.sequence, p.created_at,
                     (SELECT q.created_at FROM ${wallet}.posting q
                       WHERE q.wallet_id = p.wallet_id AND q.sequence < p.sequence
                       ORDER BY q.sequence DESC LIMIT 1) AS created_before
                FROM ${wallet}.posting p
               WHERE p.id BETWEEN ? AND ? AND p.sequence IS NOT NULL) chained
       WHERE created_at < created_before`,
  },
];
