import { createLogView } from './log-view';

const APPS = ['cart-api', 'wallet-api'];
const entry = {
  ...{ level: 30, time: '2026-11-29T19:50:24.239Z', pid: 7, hostname: 'host', name: 'cart-api' },
  ...{ port: 5003, services: ['a'], reason: 'no stock', msg: 'listening' },
};

const plain = createLogView(APPS, { hasColours: false, nameWidth: 10 });
const coloured = createLogView(APPS, { hasColours: true, nameWidth: 10 });

test('a JSON line is rendered as its process, time, level, message and other fields', () => {
  expect(plain('cart-api', 'cart-api-2', JSON.stringify(entry))).toBe(
    'cart-api-2 | 19:50:24.239Z INFO  listening port=5003 services=["a"] reason=no stock',
  );
});

test('an error is followed by its stack and its causes', () => {
  const err = {
    type: 'Error',
    message: 'late',
    stack: 'Error: late\n  at f',
    cause: { type: 'Timeout', message: '5 s' },
  };
  expect(
    plain('cart-api', 'cart-api', JSON.stringify({ ...entry, level: 50, err }))
      .split('\n')
      .slice(1),
  ).toEqual(['cart-api   | Error: late', 'cart-api   |   at f', 'cart-api   | caused by Timeout: 5 s']);
});

test.each(['plain text', '', '5', 'null', '{"level":30', '{"time":5}'])('a line "%s" stays as it is', (line) => {
  expect(plain('cart-api', 'cart-api', line)).toBe(`cart-api   | ${line}`);
});

test('each app has its own colour, which its replicas share, and errors are red', () => {
  const prefixOf = (app: string, name: string) => coloured(app, name, 'text').split(name)[0];
  expect(prefixOf('cart-api', 'cart-api')).toBe(prefixOf('cart-api', 'cart-api-2'));
  expect(prefixOf('cart-api', 'cart-api')).not.toBe(prefixOf('wallet-api', 'wallet-api'));
  expect(coloured('cart-api', 'cart-api', JSON.stringify({ ...entry, level: 50 }))).toContain('\x1b[31mERROR\x1b[0m');
});
