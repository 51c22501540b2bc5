import { secretDigest } from '@souk/service';
import { createSecret, formatKeyText, parseKeyText } from './key-text';

test('a new secret has 43 characters of base62, and no two are equal', () => {
  const secrets = Array.from({ length: 100 }, createSecret);
  for (const secret of secrets) expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(new Set(secrets).size).toBe(100);
});

test('the text of a key contains its id and its secret', () => {
  const key = { id: 'back-end-2', secret: createSecret() };
  expect(formatKeyText(key)).toBe(`souk_back-end-2_${key.secret}`);
  expect(parseKeyText(formatKeyText(key))).toEqual(key);
});

test.each([
  '',
  'souk_shop',
  `souk_shop_${'a'.repeat(42)}`,
  `souk_shop_${'a'.repeat(44)}`,
  `souk_shop_${'a'.repeat(42)}-`,
  `souk_Shop_${'a'.repeat(43)}`,
  `souk__${'a'.repeat(43)}`,
  `souk_a_b_${'a'.repeat(43)}`,
  `sook_shop_${'a'.repeat(43)}`,
  ` souk_shop_${'a'.repeat(43)}`,
  `souk_shop_${'a'.repeat(43)}\n`,
])('%j is not the text of a key', (text) => {
  expect(parseKeyText(text)).toBeUndefined();
});

test('a secret is stored as its SHA-256', () => {
  // echo -n secret | sha256sum
  expect(secretDigest('secret').toString('hex')).toBe(
    '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b',
  );
});
