import fc from 'fast-check';
import { formatAmount, parseAmount } from './money';

test('every formatted amount is parsed as the same amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (minor) => parseAmount(formatAmount(minor)) === minor),
  );
});

test.each([
  ['0', 0n],
  ['12', 1200n],
  ['12.5', 1250n],
  ['12.50', 1250n],
  ['0.01', 1n],
  ['9999999999999999.99', 999999999999999999n],
])('%s is parsed exactly', (text, minor) => {
  expect(parseAmount(text)).toBe(minor);
});

test.each([
  '',
  ' 1',
  '1 ',
  '.5',
  '5.',
  '+1',
  '-1',
  '1e2',
  '1.000',
  '01',
  '00',
  '0x10',
  'NaN',
  'Infinity',
  '1,000',
  '1_0',
  '١',
])('%j is refused', (text) => {
  expect(parseAmount(text)).toBeUndefined();
});

test('a negative amount is formatted with its sign', () => {
  expect(formatAmount(-5n)).toBe('-0.05');
  expect(formatAmount(-12345n)).toBe('-123.45');
});
