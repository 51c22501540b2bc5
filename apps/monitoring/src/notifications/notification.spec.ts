import { notificationId, notificationOf, presentNotification, type NotifiedEvent } from './notification';

const base: NotifiedEvent = {
  accountId: 'a',
  sequence: 7,
  transactionId: 't',
  type: 'transfer',
  status: 'completed',
  reason: '',
  amount: 1_250n,
  currency: 'USD',
  at: new Date('2026-01-31T12:00:00.000Z'),
  orderId: null,
  withdrawalId: null,
};

const messageFor = (fields: Partial<NotifiedEvent>) => notificationOf({ ...base, ...fields }).message;

test.each([
  ['replenish', 1_250n, 'Your wallet was replenished with 12.50 USD'],
  ['credit', 1_250n, '12.50 USD was credited to your account'],
  ['debit', -1_250n, '12.50 USD was debited from your account'],
  ['deposit', 1_250n, 'You deposited 12.50 USD'],
  ['withdrawal', -1_250n, 'You withdrew 12.50 USD'],
  ['transfer', 1_250n, 'You received 12.50 USD'],
  ['transfer', -1_250n, 'You sent 12.50 USD'],
  ['charge', -1_250n, 'You paid 12.50 USD'],
  ['charge', 1_250n, 'You were paid 12.50 USD'],
  ['refund', 1_250n, 'You were refunded 12.50 USD'],
  ['refund', -1_250n, 'You refunded 12.50 USD'],
  ['of a later version', 5n, 'You received 0.05 USD'],
  ['constructor', -5n, '0.05 USD left your account'],
])('a %s of %s reads: %s', (type, amount, message) => {
  expect(messageFor({ type, amount })).toBe(message);
});

test.each([
  ['transfer', -1_250n, 'Your transfer of 12.50 USD was refused: INSUFFICIENT_FUNDS'],
  ['transfer', 1_250n, 'A transfer of 12.50 USD to you was refused: INSUFFICIENT_FUNDS'],
  ['charge', 1_250n, 'A charge of 12.50 USD to you was refused: INSUFFICIENT_FUNDS'],
  ['deposit', 1_250n, 'Your deposit of 12.50 USD was refused: INSUFFICIENT_FUNDS'],
  ['withdrawal', -1_250n, 'Your withdrawal of 12.50 USD was refused: INSUFFICIENT_FUNDS'],
])('a failed %s of %s reads: %s', (type, amount, message) => {
  expect(messageFor({ type, amount, status: 'failed', reason: 'INSUFFICIENT_FUNDS' })).toBe(message);
});

test('the id of a notification is a UUID derived from account and sequence alone', () => {
  const id = notificationId({ accountId: 'a', sequence: 7 });
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(notificationOf({ ...base, amount: 1n, type: 'credit' }).id).toBe(id);
  const otherIds = [notificationId({ accountId: 'a', sequence: 8 }), notificationId({ accountId: 'b', sequence: 7 })];
  expect(new Set([id, ...otherIds]).size).toBe(3);
});

test('clients see a notification with a signed amount, its kind and the time of the event', () => {
  expect(presentNotification(notificationOf({ ...base, amount: -5n, status: 'failed', reason: 'X' }))).toEqual({
    id: notificationId(base),
    account_id: 'a',
    sequence: 7,
    kind: 'transfer.failed',
    message: 'Your transfer of 0.05 USD was refused: X',
    transaction_id: 't',
    amount: '-0.05',
    currency: 'USD',
    created_at: '2026-01-31T12:00:00.000Z',
  });
});
