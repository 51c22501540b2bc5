import { eventOf, hourOf, type Tampering } from './tampering';
import { ADA, BO, SHOP, DEPOSIT, REFUSED, REFUND, CHARGE_DECLINED, WITHDRAWAL, id } from './write-test-books';

/** Tampering with events and payments. */
export const TAMPERINGS_OF_RECORDS: Tampering[] = [
  [
    'a sequence is missing',
    [`UPDATE wallet.wallet SET sequence = sequence + 1 WHERE id = '${BO}'`],
    { 'sequences-without-gap': [BO] },
  ],
  [
    'an event is missing',
    [
      `DELETE FROM wallet.event_entry WHERE event_id = ${eventOf(CHARGE_DECLINED)}`,
      `DELETE FROM wallet.event WHERE transaction_id = '${CHARGE_DECLINED}'`,
    ],
    { 'one-event-a-transaction': [CHARGE_DECLINED], 'sequences-without-gap': [BO, SHOP] },
  ],
  [
    'an event of a completed transaction is missing',
    [
      `DELETE FROM wallet.event_entry WHERE event_id = ${eventOf(WITHDRAWAL)}`,
      `DELETE FROM wallet.event WHERE transaction_id = '${WITHDRAWAL}'`,
    ],
    {
      'one-event-a-transaction': [WITHDRAWAL],
      'sequences-without-gap': [BO],
      'notification-tells-its-event': [BO],
      'hours-as-the-ledger-says': [hourOf(WITHDRAWAL)],
      'account-hours-as-the-ledger-says': [hourOf(WITHDRAWAL)],
    },
  ],
  [
    'an event belongs to a transaction that does not exist',
    [
      `INSERT INTO wallet.event (id, type, transaction_id, payload, created_at) SELECT '${id(95)}', type, '${id(80)}', JSON_SET(payload, '$.transaction_id', '${id(80)}', '$.entries', JSON_ARRAY()), created_at FROM wallet.event WHERE transaction_id = '${REFUSED}'`,
    ],
    { 'event-tells-its-transaction': [id(95)] },
  ],
  [
    'a transaction has two events',
    [
      `INSERT INTO wallet.event (id, type, transaction_id, payload, created_at) SELECT '${id(95)}', type, transaction_id, JSON_SET(payload, '$.entries', JSON_ARRAY()), created_at FROM wallet.event WHERE transaction_id = '${REFUSED}'`,
    ],
    { 'one-event-a-transaction': [REFUSED] },
  ],
  [
    'an event is of the wrong type',
    [`UPDATE wallet.event SET type = 'transactions.failed' WHERE transaction_id = '${DEPOSIT}'`],
    { 'one-event-a-transaction': [DEPOSIT] },
  ],
  [
    'an event has another status',
    [`UPDATE wallet.event SET payload = JSON_SET(payload, '$.status', 'failed') WHERE transaction_id = '${DEPOSIT}'`],
    { 'event-tells-its-transaction': [eventOf(DEPOSIT)] },
  ],
  [
    'an event has another reason',
    [`UPDATE wallet.event SET payload = JSON_SET(payload, '$.reason', '') WHERE transaction_id = '${REFUSED}'`],
    { 'event-tells-its-transaction': [eventOf(REFUSED)] },
  ],
  [
    'an event has another amount',
    [
      `UPDATE wallet.event SET payload = JSON_SET(payload, '$.entries[0].amount', '100.01') WHERE transaction_id = '${DEPOSIT}'`,
    ],
    {
      'event-tells-its-postings': [eventOf(DEPOSIT)],
      'hours-as-the-ledger-says': [hourOf(DEPOSIT)],
      'account-hours-as-the-ledger-says': [hourOf(DEPOSIT)],
    },
  ],
  [
    'an event has an entry that is not indexed',
    [
      `UPDATE wallet.event SET payload = JSON_SET(payload, '$.entries', JSON_ARRAY(JSON_EXTRACT(payload, '$.entries[0]'), JSON_OBJECT('account_id', '${ADA}', 'sequence', 99))) WHERE transaction_id = '${REFUSED}'`,
    ],
    { 'event-is-filed': [eventOf(REFUSED)] },
  ],
  [
    'an account and a sequence are indexed for an event that does not exist',
    [`INSERT INTO wallet.event_entry VALUES ('${id(70)}', 1, '${id(71)}')`],
    { 'filed-events-exist': [id(71)] },
  ],
  [
    'a payment is charged by a transaction with another amount',
    ["UPDATE wallet.payment SET amount = 2501 WHERE payment_id = 'order-paid'"],
    {
      'charged-once': ['order-paid'],
      'refundable-as-payments-say': [ADA, SHOP],
      'completed-order-was-paid': ['order-paid'],
    },
  ],
  [
    'a refund went to someone else',
    ["UPDATE wallet.payment SET refund_id = charge_id WHERE payment_id = 'order-back'"],
    { 'refunded-once': ['order-back'], 'one-payment-a-charge': [REFUND] },
  ],
  [
    'two payments share a charge',
    [
      `INSERT INTO wallet.payment (payment_id, state, amount, payer_reference, payee_reference, payer_wallet_id, payee_wallet_id, charge_id, refund_id, actor, created_at, updated_at) SELECT 'twin', state, amount, payer_reference, payee_reference, payer_wallet_id, payee_wallet_id, charge_id, NULL, actor, created_at, updated_at FROM wallet.payment WHERE payment_id = 'order-poor'`,
    ],
    { 'one-payment-a-charge': [CHARGE_DECLINED] },
  ],
  [
    'a declined payment has a refund',
    [`UPDATE wallet.payment SET refund_id = '${id(60)}' WHERE payment_id = 'order-poor'`],
    { 'unpaid-moved-nothing': ['order-poor'] },
  ],
  [
    'a cancelled payment moved money',
    ["UPDATE wallet.payment SET state = 'cancelled', refund_id = NULL WHERE payment_id = 'order-back'"],
    { 'unpaid-moved-nothing': ['order-back'], 'one-payment-a-charge': [REFUND] },
  ],
  [
    "a payment was taken from someone else's wallet",
    [`UPDATE wallet.account SET reference = 'eve' WHERE id = '${ADA}'`],
    { 'payment-names-its-wallets': ['order-back', 'order-paid'] },
  ],
  [
    'a payment was taken from another account than the one named by id',
    [`UPDATE wallet.payment SET payer_reference = NULL, payer_account_id = '${BO}' WHERE payment_id = 'order-back'`],
    { 'payment-names-its-wallets': ['order-back'] },
  ],
  [
    'a payment names its payer both by reference and by id',
    [`UPDATE wallet.payment SET payer_account_id = '${ADA}' WHERE payment_id = 'order-back'`],
    { 'payment-names-its-wallets': ['order-back'] },
  ],
];
