import { adminKeyFault, createAdminKey } from './admin-key';

test('only the key itself opens', () => {
  const key = createAdminKey('s3cret');
  expect([key.isGiven('s3cret'), key.admits('s3cret')]).toEqual([true, true]);
  for (const given of [undefined, '', 's3cre', 's3cret ', 'S3CRET', 's3cret, s3cret', ['s3cret']]) {
    expect([key.isGiven(given), key.admits(given)]).toEqual([false, false]);
  }
});

test('where no key is set everybody is an admin, and nobody has the key', () => {
  for (const given of [undefined, 's3cret']) {
    const key = createAdminKey(undefined);
    expect([key.isGiven(given), key.admits(given)]).toEqual([false, true]);
  }
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('on %s a service may run without a key', (host) => {
  expect(adminKeyFault(host, undefined)).toBeUndefined();
});

test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'shop.example'])(
  'on %s a service must have a key',
  (host) => {
    expect(adminKeyFault(host, undefined)).toMatch(/must be set/);
    expect(adminKeyFault(host, 's3cret')).toBeUndefined();
  },
);
