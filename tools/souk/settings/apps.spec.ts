import { CONSUMER_NAMES } from '../../../apps/monitoring/src/consumer';
import { APP_CONFIGS } from '../test/app-configs';
import { APP_NAMES, CONSUMERS, requireAppOfQueue, requireConsumer } from './apps';

test('the consumers are those that the app monitoring has', () => {
  expect(CONSUMERS).toEqual(CONSUMER_NAMES);
});

test('every app that has settings is listed', () => {
  expect([...APP_NAMES].sort()).toEqual(Object.keys(APP_CONFIGS).sort());
});

test.each([
  ['analytics.transactions', 'monitoring'],
  ['fraud-detection.transactions', 'monitoring'],
  ['cart-worker.jobs', 'cart-worker'],
])('the queue %j is consumed by %j', (queue, app) => {
  expect(requireAppOfQueue(queue).app).toBe(app);
});

test.each(['', 'nobody.jobs', 'monitoring.transactions'])('%j is not the name of a queue', (queue) => {
  expect(() => requireAppOfQueue(queue)).toThrow('redrive needs the name of a queue, such as cart-worker.jobs.');
});

test('only a consumer can be rebuilt, and the message names the consumers', () => {
  expect(() => requireConsumer('analytics')).not.toThrow();
  expect(() => requireConsumer('cart-worker')).toThrow(/fraud-detection, notifications, analytics.*"cart-worker"/);
});
