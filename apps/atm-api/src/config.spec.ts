import { ConfigError, loadConfig } from '@souk/service';
import { configSchema } from './config';

const load = (env: Record<string, string>) => loadConfig(configSchema, env);
const machine = { bills: { '50': 2 }, coins: { '0.05': 3 }, amount_max: '100.50', coins_max: 5 };
const SMALL_COINS = { coins: { '0.01': 1, '0.02': 1, '0.05': 1, '1': 1, '5': 1 }, coins_max: 10_000 };

test('machine main holds 2216.41 in eight denominations by default', () => {
  const main = load({}).ATM_MACHINES.get('main')!;
  expect(
    main.denominations.map(({ text, initialCount, denomination }) => [text, initialCount, denomination.kind]),
  ).toEqual([
    ['200', 7, 'bill'],
    ['100', 4, 'bill'],
    ['20', 15, 'bill'],
    ['10', 10, 'coin'],
    ['5', 1, 'coin'],
    ['1', 10, 'coin'],
    ['0.1', 12, 'coin'],
    ['0.01', 21, 'coin'],
  ]);
  expect(main.limits).toEqual({ amountMax: 200_000n, coinsMax: 50 });
});

test('each machine has its configured settings, and main always exists', () => {
  const { ATM_MACHINES } = load({ ATM_MACHINES: JSON.stringify({ lobby: machine }) });
  expect([...ATM_MACHINES.keys()]).toEqual(['main', 'lobby']);
  expect(ATM_MACHINES.get('lobby')).toEqual({
    denominations: [
      { text: '50', initialCount: 2, denomination: { kind: 'bill', value: 5_000n } },
      { text: '0.05', initialCount: 3, denomination: { kind: 'coin', value: 5n } },
    ],
    limits: { amountMax: 10_050n, coinsMax: 5 },
  });
});

test.each([
  ['invalid JSON', '{', 'ATM_MACHINES'],
  ['a machine without a limit', JSON.stringify({ lobby: { ...machine, amount_max: undefined } }), 'lobby.amount_max'],
  ['a limit that is not an amount', JSON.stringify({ lobby: { ...machine, amount_max: '1e3' } }), 'lobby.amount_max'],
  ['a negative count', JSON.stringify({ lobby: { ...machine, bills: { '50': -1 } } }), 'lobby.bills.50'],
  ['an invalid denomination', JSON.stringify({ lobby: { ...machine, coins: { '0.10': 1 } } }), '0.10'],
  [
    'a denomination that is both a bill and a coin',
    JSON.stringify({ lobby: { ...machine, coins: { '50': 1 } } }),
    'lobby',
  ],
  ['a machine without denominations', JSON.stringify({ lobby: { amount_max: 1, coins_max: 1 } }), 'lobby'],
  [
    'too many bill amounts to compute',
    JSON.stringify({ lobby: { bills: { '0.01': 1, '20': 1 }, amount_max: 100_000 } }),
    'lobby',
  ],
  [
    'too many coin amounts to compute',
    JSON.stringify({ lobby: { ...SMALL_COINS, amount_max: 5_000 } }),
    'lower amount_max or coins_max',
  ],
  ['an id that is not a valid file name', JSON.stringify({ '../x': machine }), '../x'],
])('rejects %s and says where the problem is', (_, ATM_MACHINES, expectedText) => {
  expect(() => load({ ATM_MACHINES })).toThrow(ConfigError);
  expect(() => load({ ATM_MACHINES })).toThrow(expectedText);
});

test('REDIS_URL is required if the stock is kept in Redis, and ADMIN_API_KEY if the service is reachable from outside', () => {
  expect(() => load({ ATM_STORE: 'redis', SOUK_BIND: '0.0.0.0' })).toThrow(/REDIS_URL[^]*ADMIN_API_KEY/);
});
