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

const never = () => Promise.reject(new Error('not asked'));

test('everybody who watches an order hears how it ended, and nobody else does', async () => {
  const feed = createOrderFeed({ ask: never, logger });
  const [one, two, other] = [feed.watch('a'), feed.watch('a'), feed.watch('b')];
  feed.hear(orderOf('a', 'processing'));
  feed.hear(orderOf('a'));
  expect(await Promise.all([one.settled, two.settled])).toEqual([orderOf('a'), orderOf('a')]);
  other.close();
  expect(await other.settled).toBeUndefined();
});

test('a watch that is closed leaves the others of its order alone', async () => {
  const feed = createOrderFeed({ ask: never, logger });
  const [one, two] = [feed.watch('a'), feed.watch('a')];
  one.close();
  one.close();
  feed.hear(orderOf('a'));
  expect([await one.settled, await two.settled]).toEqual([undefined, orderOf('a')]);
});

test('what was missed while the line was down is asked for, until it is answered', async () => {
  const asked: string[] = [];
  const ask = (orderID: string) => {
    asked.push(orderID);
    if (asked.length <= 2) return Promise.reject(new Error('not yet'));
    return Promise.resolve(orderOf(orderID, orderID === 'b' ? 'processing' : 'failed'));
  };
  const feed = createOrderFeed({ ask, logger });
  const [a, b, closed] = [feed.watch('a'), feed.watch('b'), feed.watch('c')];
  closed.close();
  feed.askAgain();
  expect(await a.settled).toEqual(orderOf('a', 'failed'));
  expect(asked).not.toContain('c');
  feed.hear(orderOf('b'));
  expect(await b.settled).toEqual(orderOf('b'));
});

test('a line that breaks while it is asked makes it ask again', async () => {
  const answers: ((order: OrderState) => void)[] = [];
  const feed = createOrderFeed({ ask: () => new Promise((resolve) => answers.push(resolve)), logger });
  const watch = feed.watch('a');
  feed.askAgain();
  feed.askAgain();
  answers[0]!(orderOf('a', 'processing'));
  while (answers.length < 2) await new Promise(setImmediate);
  answers[1]!(orderOf('a'));
  expect(await watch.settled).toEqual(orderOf('a'));
});

test('an end lets everybody go, and whoever comes later too', async () => {
  const feed = createOrderFeed({ ask: never, logger });
  const before = feed.watch('a');
  feed.stop();
  expect(await before.settled).toBeUndefined();
  expect(await feed.watch('b').settled).toBeUndefined();
});
