import { LosslessNumber } from 'lossless-json';
import { amountInput, id, integer, integerParameter } from './fields';

const losslessNumber = (text: string) => new LosslessNumber(text);

test.each([
  'a',
  'x'.repeat(100),
  'é',
  'e\u0301',
  '😀'.repeat(100),
  "'; DROP TABLE orders; --",
  'a b',
  '../../etc/passwd',
])('%j is an id', (value) => {
  expect(id('', '').safeParse(value).success).toBe(true);
});

test.each([
  '',
  'x'.repeat(101),
  ' a',
  'a ',
  'a\t',
  'a\u00a0',
  '\u0085a',
  'a\u001c',
  'a\0b',
  'a\ud800',
  1,
  true,
  null,
  undefined,
  ['a'],
  { a: 1 },
])('%j is not an id', (value) => {
  expect(id('', '').safeParse(value).success).toBe(false);
});

test.each([
  ['1', 1],
  ['2.0', 2],
  ['1e3', 1000],
  ['1000000', 1_000_000],
])('%s is read as an integer', (text, value) => {
  expect(integer(1, 1_000_000, '', 1).parse(losslessNumber(text))).toBe(value);
});

test.each([
  losslessNumber('0'),
  losslessNumber('-1'),
  losslessNumber('1.5'),
  losslessNumber('1000001'),
  losslessNumber('1e400'),
  '2',
  true,
  null,
  undefined,
  [2],
])('%j is not an integer from 1 to 1,000,000', (value) => {
  expect(integer(1, 1_000_000, '', 1).safeParse(value).success).toBe(false);
});

test.each([
  ['"12.50"', '12.50', 1250n],
  ['12.5', losslessNumber('12.5'), 1250n],
  ['0', losslessNumber('0'), 0n],
])('%s is an amount', (_, value, minor) => {
  expect(amountInput(10n ** 12n, '', '').parse(value)).toBe(minor);
});

test.each([
  losslessNumber('1e2'),
  losslessNumber('1.000'),
  losslessNumber('-1'),
  losslessNumber('0.1e1'),
  '.5',
  '+1',
  '',
  true,
  [],
  {},
  null,
  undefined,
  '99999999999999999',
])('%j is not an amount', (value) => {
  expect(amountInput(10n ** 12n, '', '').safeParse(value).success).toBe(false);
});

test.each(['1.00000000000000000001', '1e-1'])('%s is not an integer', (text) => {
  expect(integer(0, 10, '', 1).safeParse(losslessNumber(text)).success).toBe(false);
});

test('-0 is read as 0', () => {
  expect(Object.is(integer(0, 10, '', 1).parse(losslessNumber('-0')), 0)).toBe(true);
});

test('each kind of invalid value has its own message', () => {
  const messageOf = (parsed: { error?: { issues: { message: string }[] } | undefined }) =>
    parsed.error?.issues[0]?.message;
  expect(messageOf(integer(0, 10, '', 1).safeParse('2'))).toBe('must be an integer');
  expect(messageOf(integer(0, 10, '', 1).safeParse(undefined))).toBe('is required');
  expect(messageOf(id('', '').safeParse(undefined))).toBe('is required');
  expect(messageOf(id('', '').safeParse('😀'.repeat(101)))).toBe('must have at most 100 characters');
  expect(messageOf(amountInput(1_000n, '', '').safeParse(undefined))).toBe('is required');
  expect(messageOf(amountInput(1_000n, '', '').safeParse(losslessNumber('10.01')))).toBe('is too large');
});

test('a number in a query can be given only once and has a default', () => {
  const limit = integerParameter(1, 500, 50, '');
  expect([limit.parse(undefined), limit.parse('500')]).toEqual([50, 500]);
  for (const value of ['0', '501', '-1', '1.0', '1e1', ' 1', '', ['1', '2']]) {
    expect(limit.safeParse(value).success).toBe(false);
  }
});
