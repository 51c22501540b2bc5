import { isReplicaOf } from './scale.mjs';
import { findTroubles } from './troubles.mjs';

const calm = {
  scale: { 'cart-api': 2 },
  mysql: () => Promise.resolve({ code: 0, stdout: '0\n' }),
  rabbitmq: (): Promise<unknown> => Promise.resolve([{ name: 'cart-worker.jobs', messages: 9 }]),
};

test('there are no troubles if all apps run, no order is stuck and there are no dead letters', async () => {
  expect(await findTroubles(calm)).toEqual([]);
});

test('an app scaled to 0, stuck orders and dead letters are named', async () => {
  const found = await findTroubles({
    scale: { 'cart-api': 0, 'cart-worker': 1 },
    mysql: () => Promise.resolve({ code: 0, stdout: '3\n' }),
    rabbitmq: () =>
      Promise.resolve([
        { name: 'cart-worker.jobs.dead', messages: 2 },
        { name: 'notifications.transactions.dead', messages: 0 },
      ]),
  });
  expect(found).toEqual([
    'cart-api is scaled to 0: ./setup.sh scale cart-api 1',
    'orders processing for more than 5 minutes: 3',
    'dead letters of cart-worker.jobs: 2; ./setup.sh redrive cart-worker.jobs',
  ]);
});

test('engines that do not answer are skipped', async () => {
  const silent = { mysql: () => Promise.resolve({ code: 1, stdout: '' }), rabbitmq: () => Promise.reject(new Error()) };
  expect(await findTroubles({ ...calm, ...silent })).toEqual([]);
});

test.each([
  ['cart-api', 'cart-api', true],
  ['cart-api', 'cart-api-2', true],
  ['cart', 'cart-api', false],
  ['cart-api', 'cart-api-x', false],
])('the app %s has the replica %s: %s', (app, name, expected) => {
  expect(isReplicaOf(app, name)).toBe(expected);
});
