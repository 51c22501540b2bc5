import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'posting', key: 'id' } as const;

/** Promises about every posting: its references, its balance and its sequence. */
export const postingChecks: Check[] = [
  {
    name: 'posting-has-its-rows',
    promise: 'the transaction, wallet and currency of a posting exist, and its currency is that of its wallet',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT p.id, p.transaction_id, p.wallet_id, p.currency,
             t.id IS NOT NULL AS has_transaction, w.currency AS wallet_currency, c.code IS NOT NULL AS has_currency
        FROM ${wallet}.posting p
        LEFT JOIN ${wallet}.transaction t ON t.id = p.transaction_id
        LEFT JOIN ${wallet}.wallet w ON w.id = p.wallet_id
        LEFT JOIN ${wallet}.currency c ON c.code = p.currency
       WHERE p.id BETWEEN :first AND :last AND (t.id IS NULL OR c.code IS NULL OR NOT (w.currency <=> p.currency))`,
  },
  {
    name: 'posting-carries-a-balance',
    promise: 'a posting has a balance and a sequence; a posting of a system wallet has neither',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT p.id, p.wallet_id, a.role, p.balance_after, p.sequence
        FROM ${wallet}.posting p
        JOIN ${wallet}.wallet w ON w.id = p.wallet_id
        JOIN ${wallet}.account a ON a.id = w.account_id
       WHERE p.id BETWEEN :first AND :last
         AND ((p.balance_after IS NULL) <> (a.role = 'system') OR (p.sequence IS NULL) <> (a.role = 'system'))`,
  },
];
