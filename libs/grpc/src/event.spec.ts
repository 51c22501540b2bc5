import type { TransactionEvent } from '@souk/contracts';
import { toLedgerEvent, transactionOf } from './event';

const transfer: TransactionEvent['data'] = {
  transaction_id: 'transaction-1',
  type: 'transfer',
  status: 'completed',
  reason: '',
  entries: [
    { account_id: 'ada', sequence: 7, amount: '-12.50', currency: 'USD' },
    { account_id: 'bo', sequence: 1, amount: '12.50', currency: 'USD' },
  ],
  timestamp: '2026-01-31T12:00:00.000Z',
};

test.each<[string, TransactionEvent['data']]>([
  ['a transfer', transfer],
  [
    'a declined charge of an order',
    { ...transfer, type: 'charge', status: 'failed', reason: 'NO_WALLET', order_id: 'o' },
  ],
  ['the charge of a cash withdrawal', { ...transfer, type: 'charge', withdrawal_id: 'w' }],
])('a transaction is unchanged after conversion to an event and back: %s', (_, transaction) => {
  const event = { id: 'event-1', position: 3, type: `transactions.${transaction.status}` };
  expect(transactionOf(toLedgerEvent(event, transaction))).toEqual(transaction);
});
