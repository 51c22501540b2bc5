import { parseIdempotencyKey } from './route';

test.each([
  ['k', 'k'],
  ['"k"', 'k'],
  ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
  ['k'.repeat(255), 'k'.repeat(255)],
  [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
])('%s is a key', (header, key) => {
  expect(parseIdempotencyKey(header)).toBe(key);
});

test.each([
  '',
  '""',
  'a b',
  '"a b"',
  'a, a',
  ' k',
  'k\t',
  'caf\u00e9',
  'k\u007f',
  'k'.repeat(256),
  `"${'k'.repeat(256)}"`,
])('%j is not a key', (header) => {
  expect(parseIdempotencyKey(header)).toBeUndefined();
});
