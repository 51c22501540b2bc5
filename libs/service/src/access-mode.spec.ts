import { accessModeOf, isLoopback } from './access-mode';

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('only this machine can reach %s', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'shop.example', ''])('others may reach %j', (host) => {
  expect(isLoopback(host)).toBe(false);
});

test('access is closed in production and on any address but loopback, unless the settings say otherwise', () => {
  const onLoopback = { SOUK_BIND: '127.0.0.1' };
  expect(accessModeOf(onLoopback)).toBe('open');
  expect(accessModeOf({ SOUK_BIND: '0.0.0.0' })).toBe('closed');
  expect(accessModeOf({ ...onLoopback, NODE_ENV: 'production' })).toBe('closed');
  expect(accessModeOf({ ...onLoopback, NODE_ENV: 'production', ACCESS: 'open' })).toBe('open');
  expect(accessModeOf({ ...onLoopback, ACCESS: 'closed' })).toBe('closed');
});
