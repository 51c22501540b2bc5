import type { OrderState } from '@souk/contracts';
import { createLogger } from '@souk/service';
import { createOrderFeed } from './order-feed';

const logger = createLogger('test', 'silent');

const orderOf = (orderID: string, status: OrderState['status'] = 'completed'): OrderState => ({
  orderID,
  clientID: 'c',
  status,
  error: '',
  code: '',
  items: [],
  total: '0.00',
  currency: 'USD',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
});

const unexpectedQuery = () => Promise.reject(new Error('unexpected query'));

test('every watch of an order gets its final state, and no other watch does', async () => {
  const feed = createOrderFeed({ query: unexpectedQuery, logger });
  const [first, second, other] = [feed.watch('a'), feed.watch('a'), feed.watch('b')];
  feed.notify(orderOf('a', 'processing'));
  feed.notify(orderOf('a'));
  expect(await Promise.all([first.settled, second.settled])).toEqual([orderOf('a'), orderOf('a')]);
  other.close();
  expect(await other.settled).toBeUndefined();
});

test('closing a watch does not affect other watches of the same order', async () => {
  const feed = createOrderFeed({ query: unexpectedQuery, logger });
  const [first, second] = [feed.watch('a'), feed.watch('a')];
  first.close();
  first.close();
  feed.notify(orderOf('a'));
  expect([await first.settled, await second.settled]).toEqual([undefined, orderOf('a')]);
});

test('after a reconnect, watched orders are queried until a query succeeds', async () => {
  const queried: string[] = [];
  const query = (orderID: string) => {
    queried.push(orderID);
    if (queried.length <= 2) return Promise.reject(new Error('not yet'));
    return Promise.resolve(orderOf(orderID, orderID === 'b' ? 'processing' : 'failed'));
  };
  const feed = createOrderFeed({ query, logger });
  const [a, b, closed] = [feed.watch('a'), feed.watch('b'), feed.watch('c')];
  closed.close();
  feed.refresh();
  expect(await a.settled).toEqual(orderOf('a', 'failed'));
  expect(queried).not.toContain('c');
  feed.notify(orderOf('b'));
  expect(await b.settled).toEqual(orderOf('b'));
});

test('a reconnect during a query triggers another query', async () => {
  const pendingQueries: ((order: OrderState) => void)[] = [];
  const feed = createOrderFeed({ query: () => new Promise((resolve) => pendingQueries.push(resolve)), logger });
  const watch = feed.watch('a');
  feed.refresh();
  feed.refresh();
  pendingQueries[0]!(orderOf('a', 'processing'));
  while (pendingQueries.length < 2) await new Promise(setImmediate);
  pendingQueries[1]!(orderOf('a'));
  expect(await watch.settled).toEqual(orderOf('a'));
});

test('stopping ends every watch, and later watches end at once', async () => {
  const feed = createOrderFeed({ query: unexpectedQuery, logger });
  const earlierWatch = feed.watch('a');
  feed.stop();
  expect(await earlierWatch.settled).toBeUndefined();
  expect(await feed.watch('b').settled).toBeUndefined();
});
