import { createMessage, parseMessage } from '../declaration/message';
import { TOPOLOGY } from '../broker/topology';
import { TRANSACTION_EVENTS, transactionCompletedEvent, transactionFailedEvent } from './wallet-messages';

const entry = { account_id: 'demo-customer', sequence: 1, amount: '-89999999999999999.91', currency: 'USD' };
const data = {
  transaction_id: 't-1',
  type: 'transfer' as const,
  status: 'completed' as const,
  reason: '' as const,
  entries: [entry, { ...entry, account_id: 'merchant', amount: '89999999999999999.91' }],
  timestamp: '2026-01-31T12:00:00.000Z',
};
const origin = { actor: 'wallet:w', correlationId: 'c', causationId: 'c' };

const parsed = (message: unknown) => parseMessage(TRANSACTION_EVENTS, Buffer.from(JSON.stringify(message)));

test('consumers read exactly what was published, to the cent', () => {
  const completed = createMessage(transactionCompletedEvent, data, origin);
  expect(parsed(completed)).toEqual({ ok: true, message: completed });
  const failed = createMessage(
    transactionFailedEvent,
    { ...data, status: 'failed', reason: 'INSUFFICIENT_FUNDS' },
    origin,
  );
  expect(parsed(failed)).toEqual({ ok: true, message: failed });
});

test('an event may name an order or a cash withdrawal', () => {
  for (const paidFor of [{}, { order_id: 'o-1' }, { withdrawal_id: 'w-1' }]) {
    const message = createMessage(transactionCompletedEvent, { ...data, type: 'charge', ...paidFor }, origin);
    expect(parsed(message)).toEqual({ ok: true, message });
  }
});

test.each([
  ['an amount that is a number', { entries: [{ ...entry, amount: -1 }] }],
  ['an amount with one decimal', { entries: [{ ...entry, amount: '1.5' }] }],
  ['a sequence below 1', { entries: [{ ...entry, sequence: 0 }] }],
  ['an unknown type', { type: 'gift' }],
  ['the status of the other event', { status: 'failed' }],
  ['a reason without a failure', { reason: 'INSUFFICIENT_FUNDS' }],
])('%s makes an event invalid', (_case, invalidFields) => {
  const message = createMessage(transactionCompletedEvent, data, origin);
  expect(parsed({ ...message, data: { ...data, ...invalidFields } })).toMatchObject({ ok: false });
});

test('both events go through one exchange', () => {
  const exchange = TOPOLOGY.exchanges.find(({ name }) => name === 'transactions');
  expect(exchange?.messages.map(({ type, version }) => [type, version])).toEqual([
    ['transactions.completed', 1],
    ['transactions.failed', 1],
  ]);
});
