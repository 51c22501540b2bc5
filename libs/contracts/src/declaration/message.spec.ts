import { addToCartJob, cancelOrderJob, CART_JOBS } from '../cart/cart-job-messages';
import {
  CART_QUERIES,
  findOrdersQuery,
  getCartQuery,
  getOrderQuery,
  listOrdersQuery,
} from '../cart/cart-query-messages';
import { CHECKOUT_JOBS, CHECKOUT_RESULTS, checkoutFailedEvent, runCheckoutJob } from '../cart/checkout-messages';
import { ORDER_EVENTS, orderFailedEvent } from '../cart/order-messages';
import { FRAUD_MESSAGES, fraudAlertMessage } from '../monitoring/fraud-messages';
import { TRANSACTION_EVENTS, transactionFailedEvent } from '../wallet/wallet-messages';
import { createMessage, parseMessage, type MessageDeclaration } from './message';

const origin = { actor: 'test', correlationId: 'c', causationId: 'c' };
const encode = (message: unknown) => Buffer.from(JSON.stringify(message));
const checkout = (items: unknown[], overrides = {}) =>
  createMessage(
    runCheckoutJob,
    { orderID: 'o', clientID: 'c', items, total: '1.00', currency: 'USD', ...overrides } as never,
    origin,
  );

/** The shortest CPU time of several runs, since some of them include garbage collection. */
const cpuMsOf = (work: () => void) => {
  const runs = Array.from({ length: 5 }, () => {
    const startedAt = process.cpuUsage().user;
    work();
    return (process.cpuUsage().user - startedAt) / 1_000;
  });
  return Math.min(...runs);
};

test('the reason for refusing a message names its first few errors and counts the others', () => {
  const parsed = parseMessage(CHECKOUT_JOBS, encode(checkout(Array(1_000).fill({ productID: 7 }))));
  if (parsed.ok) throw new Error('an invalid message was accepted');
  expect(parsed.reason).toMatch(/^invalid data: items\.0\.productID must be a string; .*; and 2995 more$/);
  expect(parsed.reason.length).toBeLessThan(2_000);
});

describe('a list of 100,000 invalid items is refused in about the time it takes to parse it, in', () => {
  const items = Array(100_000).fill({ productID: 7 });
  const order = {
    ...{ orderID: 'o', clientID: 'c', status: 'failed', error: 'e', code: 'CANCELLED', items: [], total: '1.00' },
    ...{ currency: 'USD', createdAt: '', updatedAt: '' },
  };
  const alert = { id: 'a', account_id: 'a', rule: 'r', reason: 'r', created_at: '' };
  const shared = { transaction_id: 't', type: 'transfer', timestamp: '' };
  test.each<[string, readonly MessageDeclaration[], MessageDeclaration, unknown]>([
    ['a checkout', CHECKOUT_JOBS, runCheckoutJob, checkout(items).data],
    [
      'a checkout result',
      CHECKOUT_RESULTS,
      checkoutFailedEvent,
      { orderID: 'o', code: 'CANCELLED', error: '', shortages: items },
    ],
    ['an order', ORDER_EVENTS, orderFailedEvent, { ...order, items }],
    ['the shortages of an order', ORDER_EVENTS, orderFailedEvent, { ...order, shortages: items }],
    ['a query', CART_QUERIES, findOrdersQuery, { orderIDs: items }],
    [
      'a transaction',
      TRANSACTION_EVENTS,
      transactionFailedEvent,
      { ...shared, status: 'failed', reason: 'r', entries: items },
    ],
    ['an alert', FRAUD_MESSAGES, fraudAlertMessage, { ...alert, events: items }],
  ])('%s', (_, declarations, declaration, data) => {
    const content = encode(createMessage(declaration, data as never, origin));
    const parsingMs = cpuMsOf(() => void JSON.parse(content.toString()));
    let parsed!: ReturnType<typeof parseMessage>;
    expect(cpuMsOf(() => (parsed = parseMessage(declarations, content)))).toBeLessThan(3 * parsingMs + 50);
    if (parsed.ok) throw new Error('an invalid message was accepted');
    expect(parsed.reason).toMatch(/must have at most \d+ items/);
    expect(parsed.reason.length).toBeLessThan(2_000);
  });
});

test.each<[string, readonly MessageDeclaration[], (id: string) => unknown]>([
  ['cancel-order', CART_JOBS, (orderID) => createMessage(cancelOrderJob, { orderID, notAfter: 0 }, origin)],
  ['get-order', CART_QUERIES, (orderID) => createMessage(getOrderQuery, { orderID }, origin)],
  ['find-orders', CART_QUERIES, (orderID) => createMessage(findOrdersQuery, { orderIDs: ['o', orderID] }, origin)],
  ['get-cart', CART_QUERIES, (clientID) => createMessage(getCartQuery, { clientID }, origin)],
  ['list-orders', CART_QUERIES, (clientID) => createMessage(listOrdersQuery, { clientID, limit: 1 }, origin)],
])('%s is refused if its id would be invalid in a request', (_, declarations, messageWith) => {
  expect(parseMessage(declarations, encode(messageWith('o'))).ok).toBe(true);
  for (const id of ['\ud800', 'a\0', '', ' a', 'a'.repeat(101)])
    expect(parseMessage(declarations, encode(messageWith(id)))).toMatchObject({ ok: false });
});

test.each(['\ud800', 'a\0', '', ' a', 'a'.repeat(101)])('a message whose id is %j is invalid', (id) => {
  const data = { clientID: 'c', productID: 'p', quantity: 1, notAfter: 0 };
  const job = { ...createMessage(addToCartJob, data, origin), id };
  expect(parseMessage(CART_JOBS, encode(job))).toMatchObject({ ok: false });
  expect(parseMessage(CART_JOBS, encode(createMessage(addToCartJob, { ...data, clientID: id }, origin))).ok).toBe(
    false,
  );
  expect(
    parseMessage(
      CHECKOUT_JOBS,
      encode(checkout([{ productID: 'p', quantity: 1, unitPrice: '1.00' }], { clientID: id })),
    ).ok,
  ).toBe(false);
});

test('an id that is valid in a request is valid in a message', () => {
  const id = '🪔'.repeat(100);
  const job = createMessage(addToCartJob, { clientID: id, productID: id, quantity: 1, notAfter: 0 }, { ...origin, id });
  expect(parseMessage(CART_JOBS, encode(job)).ok).toBe(true);
});
