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

const never = () => Promise.reject(new Error('unexpected query'));

test('every watch of an order gets its final state, and no other watch does', async () => {
  const feed = createOrderFeed({ query: never, logger });
  const [one, two, other] = [feed.watch('a'), feed.watch('a'), feed.watch('b')];
  feed.notify(orderOf('a', 'processing'));
  feed.notify(orderOf('a'));
  expect(await Promise.all([one.settled, two.settled])).toEqual([orderOf('a'), orderOf('a')]);
  other.close();
  expect(await other.settled).toBeUndefined();
});

test('closing a watch does not affect other watches of the same order', async () => {
  const feed = createOrderFeed({ query: never, logger });
  const [one, two] = [feed.watch('a'), feed.watch('a')];
  one.close();
  one.close();
  feed.notify(orderOf('a'));
  expect([await one.settled, await two.settled]).toEqual([undefined, orderOf('a')]);
});

test('after a disconnect, watched orders are queried until an answer arrives', async () => {
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
  const answers: ((order: OrderState) => void)[] = [];
  const feed = createOrderFeed({ query: () => new Promise((resolve) => answers.push(resolve)), logger });
  const watch = feed.watch('a');
  feed.refresh();
  feed.refresh();
  answers[0]!(orderOf('a', 'processing'));
  while (answers.length < 2) await new Promise(setImmediate);
  answers[1]!(orderOf('a'));
  expect(await watch.settled).toEqual(orderOf('a'));
});

test('stopping ends every watch, including later ones', async () => {
  const feed = createOrderFeed({ query: never, logger });
  const before = feed.watch('a');
  feed.stop();
  expect(await before.settled).toBeUndefined();
  expect(await feed.watch('b').settled).toBeUndefined();
});
