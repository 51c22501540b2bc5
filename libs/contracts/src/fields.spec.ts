import { LosslessNumber } from 'lossless-json';
import { amountInput, id, integer, integerParameter } from './fields';

const messageOf = (
  schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } | undefined } },
  value: unknown,
) => schema.safeParse(value).error?.issues[0]?.message;

const number = (text: string) => new LosslessNumber(text);

test.each([
  ['2', 2],
  ['2.0', 2],
  ['2.000', 2],
  ['-0', 0],
  ['1e2', 100],
])('%s is a whole number', (text, value) => {
  expect(Object.is(integer(0, 100, 'd', 1).parse(number(text)), value)).toBe(true);
});

test.each(['1.5', '1.00000000000000000001', '1e-1', '1e400', '-1', '101'])(
  '%s is no whole number from 0 to 100',
  (text) => {
    expect(messageOf(integer(0, 100, 'd', 1), number(text))).toMatch(/^must be (an integer|at least 0|at most 100)$/);
  },
);

test.each(['2', true, null, [2], {}])('%j is no whole number', (value) => {
  expect(messageOf(integer(0, 100, 'd', 1), value)).toBe('must be an integer');
});

test('what is missing is said to be missing', () => {
  expect(messageOf(integer(0, 100, 'd', 1), undefined)).toBe('is required');
  expect(messageOf(id('d', 'e'), undefined)).toBe('is required');
  expect(messageOf(amountInput(100n, 'd', 'e'), undefined)).toBe('is required');
});

test('an amount is read from its text, as a text or as a number', () => {
  expect(amountInput(1_000n, 'd', 'e').parse('1.10')).toBe(110n);
  expect(amountInput(1_000n, 'd', 'e').parse(number('1.10'))).toBe(110n);
  expect(messageOf(amountInput(1_000n, 'd', 'e'), number('10.01'))).toBe('is too large');
  expect(messageOf(amountInput(1_000n, 'd', 'e'), 1.1)).toMatch(/^must be an amount/);
});

test('ids are counted in characters, and none may be mistaken for another', () => {
  expect(messageOf(id('d', 'e'), '🛒'.repeat(100))).toBeUndefined();
  expect(messageOf(id('d', 'e'), '🛒'.repeat(101))).toBe('must have at most 100 characters');
  for (const value of ['', ' a', 'a ', 'a\u00a0', '\ufeffa', 'a\0', '\ud800'])
    expect(messageOf(id('d', 'e'), value)).toBeDefined();
});

test('a number in a query is given once, and has its default', () => {
  const limit = integerParameter(1, 500, 50, 'd');
  expect([limit.parse(undefined), limit.parse('500')]).toEqual([50, 500]);
  for (const value of ['0', '501', '-1', '1.0', '1e1', ' 1', '', ['1', '2']])
    expect(messageOf(limit, value)).toBeDefined();
});
