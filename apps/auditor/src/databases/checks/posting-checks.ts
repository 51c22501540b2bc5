import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'posting', key: 'id' } as const;

/** Promises about every posting: its references, its balance, its sequence, and what it copies from its transaction. */
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
  {
    name: 'posting-names-its-purpose',
    promise: 'a posting names the type of its transaction, and the order or withdrawal of its payment',
    reads: ['wallet'],
    walks,
    // Postings of an earlier release have no type.
    broken: ({ wallet }) => `
      SELECT id, posting_type, type, order_id, withdrawal_id, payment_id, payer_account_id
        FROM (SELECT p.id, p.type AS posting_type, t.type, p.order_id, p.withdrawal_id,
                     COALESCE(charged.payment_id, refunded.payment_id) AS payment_id,
                     COALESCE(charged.payer_account_id, refunded.payer_account_id) AS payer_account_id
                FROM ${wallet}.posting p
                JOIN ${wallet}.transaction t ON t.id = p.transaction_id
                LEFT JOIN ${wallet}.payment charged ON charged.charge_id = t.id
                LEFT JOIN ${wallet}.payment refunded ON refunded.refund_id = t.id
               WHERE p.id BETWEEN :first AND :last AND p.type IS NOT NULL) named
       WHERE NOT (posting_type = type
              AND order_id <=> IF(payer_account_id IS NULL, payment_id, NULL)
              AND withdrawal_id <=> IF(payer_account_id IS NULL, NULL, payment_id))`,
  },
];
