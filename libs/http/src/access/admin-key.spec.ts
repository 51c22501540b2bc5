import { adminKeyError, createAdminKey } from './admin-key';

test('only the exact key is accepted', () => {
  const key = createAdminKey('s3cret');
  expect([key.matches('s3cret'), key.admits('s3cret')]).toEqual([true, true]);
  for (const header of [undefined, '', 's3cre', 's3cret ', 'S3CRET', 's3cret, s3cret', ['s3cret']]) {
    expect([key.matches(header), key.admits(header)]).toEqual([false, false]);
  }
});

test('if no key is set, every caller is an admin, but no value counts as the key', () => {
  for (const header of [undefined, 's3cret']) {
    const key = createAdminKey(undefined);
    expect([key.matches(header), key.admits(header)]).toEqual([false, true]);
  }
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('a service on %s may run without a key', (host) => {
  expect(adminKeyError(host, undefined)).toBeUndefined();
});

test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'shop.example'])(
  'a service on %s must have a key',
  (host) => {
    expect(adminKeyError(host, undefined)).toMatch(/must be set/);
    expect(adminKeyError(host, 's3cret')).toBeUndefined();
  },
);
