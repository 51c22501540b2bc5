import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'wallet', key: 'id' } as const;

/** The maximum balance of a wallet, including refunds that may still come in: 89,999,999,999,999,999.91. */
const BALANCE_MAX = 8_999_999_999_999_999_991n;

/** Promises about every wallet: its owner, its balance, its bounds and its counters. */
export const walletChecks: Check[] = [
  {
    name: 'wallet-has-its-owner',
    promise: "the account and currency of a wallet exist, and only merchants' wallets may be overdrawn",
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT w.id, w.account_id, w.currency, a.role, w.may_overdraw
        FROM ${wallet}.wallet w
        LEFT JOIN ${wallet}.account a ON a.id = w.account_id
        LEFT JOIN ${wallet}.currency c ON c.code = w.currency
       WHERE w.id BETWEEN :first AND :last
         AND (a.id IS NULL OR c.code IS NULL OR (w.may_overdraw = 1) <> (a.role = 'merchant'))`,
  },
  {
    name: 'wallet-is-its-postings',
    promise: 'the amount of a wallet is the sum of its postings',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT w.id, w.amount, COALESCE(SUM(p.amount), 0) AS sum
        FROM ${wallet}.wallet w
        JOIN ${wallet}.account a ON a.id = w.account_id
        LEFT JOIN ${wallet}.posting p ON p.wallet_id = w.id
       WHERE w.id BETWEEN :first AND :last AND a.role <> 'system'
       GROUP BY w.id, w.amount
      HAVING NOT (w.amount <=> COALESCE(SUM(p.amount), 0))`,
  },
  {
    name: 'system-wallet-stores-nothing',
    promise: 'a system wallet stores no amount',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT w.id, w.amount, w.sequence
        FROM ${wallet}.wallet w
        JOIN ${wallet}.account a ON a.id = w.account_id
       WHERE w.id BETWEEN :first AND :last AND a.role = 'system' AND (w.amount IS NOT NULL OR w.sequence <> 0)`,
  },
  {
    name: 'wallet-within-bounds',
    promise:
      "a customer's wallet is never below zero, a merchant's at most by its refunds, and no wallet exceeds its limit",
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT id, role, amount, refunded, refundable_in
        FROM (SELECT w.id, a.role, w.amount, w.refundable_in,
                     IF(w.amount < 0,
                       (SELECT COALESCE(-SUM(p.amount), 0)
                          FROM ${wallet}.posting p
                          JOIN ${wallet}.transaction t ON t.id = p.transaction_id AND t.type = 'refund'
                         WHERE p.wallet_id = w.id AND p.amount < 0), 0) AS refunded
                FROM ${wallet}.wallet w
                JOIN ${wallet}.account a ON a.id = w.account_id
               WHERE w.id BETWEEN :first AND :last AND a.role <> 'system') bounded
       WHERE amount < IF(role = 'merchant', -refunded, 0) OR amount > ${BALANCE_MAX} - refundable_in`,
  },
  {
    // Payments are found by their charge, whose postings took money from the wallet or brought it there.
    name: 'refundable-as-payments-say',
    promise: 'the refundable amounts of a wallet match the charges from it and to it that were not refunded',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT w.id, w.refundable_in, SUM(IF(p.amount < 0, y.amount, 0)) AS charged_from,
             w.refundable_out, SUM(IF(p.amount > 0, y.amount, 0)) AS charged_to
        FROM ${wallet}.wallet w
        LEFT JOIN (${wallet}.posting p JOIN ${wallet}.payment y ON y.charge_id = p.transaction_id AND y.state = 'charged')
          ON p.wallet_id = w.id
       WHERE w.id BETWEEN :first AND :last
       GROUP BY w.id, w.refundable_in, w.refundable_out
      HAVING w.refundable_in <> SUM(IF(p.amount < 0, y.amount, 0)) OR w.refundable_out <> SUM(IF(p.amount > 0, y.amount, 0))`,
  },
  {
    name: 'sequences-without-gap',
    promise: 'the sequences of an account are 1, 2, 3 … up to that of its wallet',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT w.id, w.account_id, w.sequence, COUNT(n.sequence) AS entries, MIN(n.sequence) AS first, MAX(n.sequence) AS last
        FROM ${wallet}.wallet w
        LEFT JOIN ${wallet}.event_entry n ON n.account_id = w.account_id
       WHERE w.id BETWEEN :first AND :last
       GROUP BY w.id, w.account_id, w.sequence
      HAVING COUNT(n.sequence) <> w.sequence OR COALESCE(MIN(n.sequence), 1) <> 1
          OR COALESCE(MAX(n.sequence), 0) <> w.sequence`,
  },
];
