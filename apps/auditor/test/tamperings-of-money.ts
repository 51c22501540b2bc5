import { postingOf, type Tampering } from './tampering';
import { ADA, BO, SHOP, SYSTEM, CHARGE, DEPOSIT, REFUND, REFUSED, WITHDRAWAL, id } from './write-test-books';

const POSTING = 'wallet.posting (id, transaction_id, wallet_id, amount, currency, balance_after, sequence, created_at)';

/** Tampering with postings and wallets. */
export const TAMPERINGS_OF_MONEY: Tampering[] = [
  [
    'a posting of the system is a cent short',
    [`UPDATE wallet.posting SET amount = amount + 1 WHERE transaction_id = '${DEPOSIT}' AND wallet_id = '${SYSTEM}'`],
    { 'postings-sum-to-zero': [DEPOSIT] },
  ],
  [
    "a completed transaction lost the system's posting",
    [`DELETE FROM wallet.posting WHERE transaction_id = '${DEPOSIT}' AND wallet_id = '${SYSTEM}'`],
    { 'postings-sum-to-zero': [DEPOSIT], 'transaction-moved-as-it-says': [DEPOSIT] },
  ],
  [
    'a failed transaction moved money between system wallets',
    [
      `INSERT INTO ${POSTING} VALUES ('${id(90)}', '${REFUSED}', '${SYSTEM}', 5, 'USD', NULL, NULL, NOW(3)), ('${id(91)}', '${REFUSED}', '${SYSTEM}', -5, 'USD', NULL, NULL, NOW(3))`,
    ],
    { 'transaction-moved-as-it-says': [REFUSED] },
  ],
  [
    'a posting has no transaction',
    [
      `INSERT INTO ${POSTING} VALUES ('${id(90)}', '${id(80)}', '${SYSTEM}', 5, 'USD', NULL, NULL, NOW(3)), ('${id(91)}', '${id(80)}', '${SYSTEM}', -5, 'USD', NULL, NULL, NOW(3))`,
    ],
    { 'posting-has-its-rows': [id(90), id(91)] },
  ],
  [
    'postings are in another currency than their wallet',
    [
      `UPDATE wallet.wallet SET currency = 'EUR' WHERE id = '${SYSTEM}'`,
      "INSERT IGNORE INTO wallet.currency VALUES ('EUR')",
    ],
    {
      'posting-has-its-rows': [
        postingOf(DEPOSIT, 'balance_after IS NULL'),
        postingOf(WITHDRAWAL, 'balance_after IS NULL'),
      ],
    },
  ],
  [
    'a posting of a system wallet carries a balance',
    [`UPDATE wallet.posting SET balance_after = 0 WHERE transaction_id = '${DEPOSIT}' AND wallet_id = '${SYSTEM}'`],
    { 'posting-carries-a-balance': [postingOf(DEPOSIT, `wallet_id = '${SYSTEM}'`)] },
  ],
  [
    "postings name a type, order or withdrawal that isn't their transaction's",
    [
      // Ada's postings stay correct.
      `UPDATE wallet.posting p JOIN wallet.transaction t ON t.id = p.transaction_id SET p.type = t.type WHERE t.id IN ('${DEPOSIT}', '${WITHDRAWAL}')`,
      `UPDATE wallet.posting SET type = 'charge', order_id = 'order-paid' WHERE transaction_id = '${CHARGE}'`,
      `UPDATE wallet.posting SET type = 'refund', order_id = 'order-back' WHERE transaction_id = '${REFUND}'`,
      `UPDATE wallet.posting SET type = 'credit' WHERE transaction_id = '${WITHDRAWAL}' AND wallet_id = '${BO}'`,
      `UPDATE wallet.posting SET order_id = 'no-order' WHERE transaction_id = '${DEPOSIT}' AND wallet_id = '${SYSTEM}'`,
      `UPDATE wallet.posting SET withdrawal_id = order_id, order_id = NULL WHERE transaction_id = '${CHARGE}' AND wallet_id = '${SHOP}'`,
    ],
    {
      'posting-names-its-purpose': [
        postingOf(WITHDRAWAL, `wallet_id = '${BO}'`),
        postingOf(DEPOSIT, `wallet_id = '${SYSTEM}'`),
        postingOf(CHARGE, `wallet_id = '${SHOP}'`),
      ],
    },
  ],
  [
    "the balance after a wallet's last posting is wrong",
    [
      `UPDATE wallet.posting SET balance_after = balance_after + 1 WHERE transaction_id = '${WITHDRAWAL}' AND wallet_id = '${BO}'`,
    ],
    { 'balance-after-chain': [postingOf(WITHDRAWAL, `wallet_id = '${BO}'`)] },
  ],
  [
    'a posting is older than the one before it',
    [
      `UPDATE wallet.posting SET created_at = created_at - INTERVAL 1 HOUR WHERE transaction_id = '${WITHDRAWAL}' AND wallet_id = '${BO}'`,
    ],
    { 'postings-go-forward': [postingOf(WITHDRAWAL, `wallet_id = '${BO}'`)] },
  ],
  [
    'a wallet holds a cent too much',
    [`UPDATE wallet.wallet SET amount = amount + 1 WHERE id = '${BO}'`],
    { 'wallet-is-its-postings': [BO] },
  ],
  [
    "a customer's wallet may be overdrawn",
    [`UPDATE wallet.wallet SET may_overdraw = 1 WHERE id = '${BO}'`],
    { 'wallet-has-its-owner': [BO] },
  ],
  [
    'a system wallet stores an amount',
    [`UPDATE wallet.wallet SET amount = 0 WHERE id = '${SYSTEM}'`],
    { 'system-wallet-stores-nothing': [SYSTEM] },
  ],
  [
    "a customer's wallet is below zero",
    [`UPDATE wallet.wallet SET amount = -1 WHERE id = '${BO}'`],
    { 'wallet-is-its-postings': [BO], 'wallet-within-bounds': [BO] },
  ],
  [
    "a merchant's wallet is below zero by more than it refunded",
    [`UPDATE wallet.wallet SET amount = -701 WHERE id = '${SHOP}'`],
    { 'wallet-is-its-postings': [SHOP], 'wallet-within-bounds': [SHOP] },
  ],
  [
    "a merchant's wallet is below zero by what it refunded, which is in bounds",
    [`UPDATE wallet.wallet SET amount = -700 WHERE id = '${SHOP}'`],
    { 'wallet-is-its-postings': [SHOP] },
  ],
  [
    'a wallet has no room for the refunds that it may receive',
    [`UPDATE wallet.wallet SET refundable_in = 8999999999999999991 WHERE id = '${ADA}'`],
    { 'wallet-within-bounds': [ADA], 'refundable-as-payments-say': [ADA] },
  ],
  [
    "a merchant's wallet doesn't count what may be refunded from it",
    [`UPDATE wallet.wallet SET refundable_out = 0 WHERE id = '${SHOP}'`],
    { 'refundable-as-payments-say': [SHOP] },
  ],
];
