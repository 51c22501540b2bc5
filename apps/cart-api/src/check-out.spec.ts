import type { OrderReply, OrderState } from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import { createLogger, unavailable } from '@souk/service';
import { checkOut, type CheckOutDeps } from './check-out';
import { createOrderFeed } from './order-feed';

const ID = 'job-1';

const order: OrderState = {
  orderID: ID,
  clientID: 'c',
  status: 'processing',
  error: '',
  code: '',
  items: [],
  total: '1.00',
  currency: 'USD',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
};
const completed: OrderState = { ...order, status: 'completed' };

const factsWaiting = (waitMs: number): RequestFacts => ({
  correlationId: 'c',
  traceparent: undefined,
  startedAt: Date.now(),
  idempotency: undefined,
  caller: {},
  prefer: { waitMs, applied: `wait=${waitMs / 1_000}` },
});

function prepareCheckOut(send: (feed: ReturnType<typeof createOrderFeed>) => Promise<OrderReply>) {
  const feed = createOrderFeed({
    query: () => Promise.reject(new Error('unexpected query')),
    logger: createLogger('test', 'silent'),
  });
  const sentRequests: unknown[] = [];
  const jobs: CheckOutDeps['jobs'] = {
    idOf: () => ID,
    changeOrder: (_declaration, _data, request) => {
      sentRequests.push(request);
      return send(feed);
    },
  };
  return {
    feed,
    sentRequests,
    run: (waitMs: number) => checkOut({ jobs, feed }, { clientID: 'c', actor: 'c', facts: factsWaiting(waitMs) }),
  };
}

const accepted = (state = order, replayed = false): OrderReply => ({ outcome: 'accepted', replayed, order: state });

test('a checkout returns at once if its order settles before the acceptance arrives', async () => {
  const { run } = prepareCheckOut((feed) => {
    feed.notify(completed);
    return Promise.resolve(accepted());
  });
  expect(await run(60_000)).toEqual({ kind: 'order', order: completed, isReplayed: false });
});

test('a checkout returns the final state of an order that settles during the wait', async () => {
  const { feed, run } = prepareCheckOut(() => Promise.resolve(accepted()));
  const result = run(60_000);
  setImmediate(() => feed.notify(completed));
  expect(await result).toMatchObject({ order: { status: 'completed' } });
});

test("a client that doesn't wait gets the order's current state, but only once the order is accepted", async () => {
  let accept!: (reply: OrderReply) => void;
  const { run } = prepareCheckOut(() => new Promise((resolve) => (accept = resolve)));
  let hasReturned = false;
  const result = run(0).then((answer) => {
    hasReturned = true;
    return answer;
  });
  await new Promise(setImmediate);
  expect(hasReturned).toBe(false);
  accept(accepted());
  expect(await result).toMatchObject({ order: { status: 'processing' } });
});

test("a client whose wait ends gets the order's current state", async () => {
  const { run } = prepareCheckOut(() => Promise.resolve(accepted()));
  expect(await run(30)).toMatchObject({ kind: 'order', order: { status: 'processing' } });
});

test('a repeated checkout waits for the same order, or returns its final state at once', async () => {
  const repeatedCheckout = prepareCheckOut(() => Promise.resolve(accepted(order, true)));
  const joined = repeatedCheckout.run(60_000);
  setImmediate(() => repeatedCheckout.feed.notify(completed));
  expect(await joined).toEqual({ kind: 'order', order: completed, isReplayed: true });
  expect(await prepareCheckOut(() => Promise.resolve(accepted(completed, true))).run(60_000)).toMatchObject({
    order: completed,
  });
});

test("the job carries the client's wait, so that the worker can drop late deliveries", async () => {
  const { run, sentRequests } = prepareCheckOut(() => Promise.resolve(accepted(completed)));
  await run(60_000);
  expect(sentRequests).toMatchObject([{ id: ID, waitMs: 60_000 }]);
});

test('a refusal is returned, and an error is thrown', async () => {
  const refused: OrderReply = { outcome: 'refused', replayed: false, code: 'CART_EMPTY', message: 'm' };
  expect(await prepareCheckOut(() => Promise.resolve(refused)).run(0)).toEqual({ kind: 'refused', reply: refused });
  await expect(prepareCheckOut(() => Promise.reject(unavailable('the broker'))).run(0)).rejects.toThrow('the broker');
});
