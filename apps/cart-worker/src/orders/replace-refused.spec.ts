import {
  CHECKOUT_JOBS,
  checkoutJobsQueue,
  createMessage,
  ORDER_EVENTS,
  orderFailedEvent,
  ordersExchange,
  parseMessage,
  runCheckoutJob,
  undoCheckoutJob,
} from '@souk/contracts';
import { outgoing } from '@souk/messaging';
import { replaceRefused } from './replace-refused';

const origin = { actor: 'ann', correlationId: 'c', causationId: 'o' };
const items = [{ productID: 'lamp', quantity: 2, unitPrice: '5.00' }];

test('a refused checkout job is replaced by one that fails the checkout', () => {
  const data = { orderID: 'o', clientID: 'ann', items, total: '10.00', currency: 'USD' };
  const job = createMessage(runCheckoutJob, data, origin);
  const [replacement, ...otherMessages] = replaceRefused(outgoing(checkoutJobsQueue, job));
  expect([replacement!.routingKey, otherMessages]).toEqual([checkoutJobsQueue.name, []]);
  expect(parseMessage(CHECKOUT_JOBS, replacement!.content)).toMatchObject({
    ok: true,
    message: {
      type: 'fail-checkout',
      actor: 'ann',
      correlationId: 'c',
      causationId: job.id,
      data: { orderID: 'o', total: '10.00' },
    },
  });
});

test('a refused order event is replaced by one without lines and shortages', () => {
  const order = {
    ...{ orderID: 'o', clientID: 'ann', status: 'failed' as const, error: 'short' },
    code: 'INSUFFICIENT_STOCK' as const,
    ...{
      total: '10.00',
      currency: 'USD',
      createdAt: '2026-01-31T12:00:00.000Z',
      updatedAt: '2026-01-31T12:00:01.000Z',
    },
  };
  const shortages = [{ productID: 'lamp', requested: 2, available: 1 }];
  const event = createMessage(orderFailedEvent, { ...order, items, shortages }, origin);
  const [replacement, ...otherMessages] = replaceRefused(outgoing(ordersExchange, event));
  expect([replacement!.exchange, replacement!.routingKey, otherMessages]).toEqual([
    ordersExchange.name,
    'order.failed',
    [],
  ]);
  expect(parseMessage(ORDER_EVENTS, replacement!.content)).toEqual({
    ok: true,
    message: { ...event, data: { ...order, items: [] } },
  });
});

test('no other message is replaced', () => {
  const job = createMessage(undoCheckoutJob, { orderID: 'o' }, origin);
  expect(replaceRefused(outgoing(checkoutJobsQueue, job))).toEqual([]);
});
