import { CONSUMER_NAMES } from '../../apps/monitoring/src/consumer';
import { appOfQueue, CONSUMERS, requireConsumer } from './consumers.mjs';

test('the consumers are those of the app', () => {
  expect(CONSUMERS).toEqual(CONSUMER_NAMES);
});

test.each([
  ['analytics.transactions', 'monitoring'],
  ['fraud-detection.transactions', 'monitoring'],
  ['cart-worker.jobs', 'cart-worker'],
  ['', ''],
])('the queue %j is consumed by %j', (queue, app) => {
  expect(appOfQueue(queue)).toBe(app);
});

test('only a consumer can be rebuilt, and the message names the consumers', () => {
  expect(() => requireConsumer('analytics')).not.toThrow();
  expect(() => requireConsumer('cart-worker')).toThrow(/fraud-detection, notifications, analytics, not "cart-worker"/);
});
