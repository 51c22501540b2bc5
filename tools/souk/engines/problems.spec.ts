import { isReplicaOf } from '../settings/scale';
import { findProblems } from './problems';

const queryResult = (stdout: string, code = 0) => Promise.resolve({ code, stdout, stderr: '' });

const enginesWithoutProblems = {
  mysql: () => queryResult('0\n'),
  rabbitmq: (): Promise<unknown> => Promise.resolve([{ name: 'cart-worker.jobs', messages: 9 }]),
};

test('there are no problems if all apps run, no order is stuck and there are no dead letters', async () => {
  expect(await findProblems({ 'cart-api': 2 }, enginesWithoutProblems)).toEqual([]);
});

test('an app scaled to 0, stuck orders and dead letters are named', async () => {
  const problems = await findProblems(
    { 'cart-api': 0, 'cart-worker': 1 },
    {
      mysql: () => queryResult('3\n'),
      rabbitmq: () =>
        Promise.resolve([
          { name: 'cart-worker.jobs.dead', messages: 2 },
          { name: 'notifications.transactions.dead', messages: 0 },
        ]),
    },
  );
  expect(problems).toEqual([
    'cart-api is scaled to 0: ./setup.sh scale cart-api 1',
    'orders processing for more than 5 minutes: 3',
    'dead letters of cart-worker.jobs: 2; ./setup.sh redrive cart-worker.jobs',
  ]);
});

test('engines that do not respond are skipped', async () => {
  const unresponsive = { mysql: () => queryResult('', 1), rabbitmq: () => Promise.reject(new Error()) };
  expect(await findProblems({}, unresponsive)).toEqual([]);
});

test.each([
  ['cart-api', 'cart-api', true],
  ['cart-api', 'cart-api-2', true],
  ['cart', 'cart-api', false],
  ['cart-api', 'cart-api-x', false],
])('the app %s has the replica %s: %s', (app, name, expected) => {
  expect(isReplicaOf(app, name)).toBe(expected);
});
