import { formatAmount } from '@souk/money';
import fc from 'fast-check';
import { parse } from 'lossless-json';
import { z } from 'zod';
import {
  BALANCE_MAX_MINOR,
  initialBalance,
  movedAmount,
  OPERATION_AMOUNT_MAX_MINOR,
  operationAmount,
  signedAmount,
} from './wallet-fields';

/** Validates an amount, given as JSON source text. */
const read = (schema: z.ZodType, source: string) =>
  z.object({ amount: schema }).safeParse(parse(`{"amount":${source}}`));

const minorOf = (schema: z.ZodType, source: string): unknown => read(schema, source).data?.amount;

const errorOf = (schema: z.ZodType, source: string) => {
  const issue = read(schema, source).error?.issues[0];
  return issue?.code === 'custom' ? [issue.path, issue.params] : issue;
};

const AMOUNTS = { movedAmount, operationAmount, initialBalance };

describe.each(Object.entries(AMOUNTS))('%s', (_name, schema) => {
  test.each([
    ['50', 5000n],
    ['12.5', 1250n],
    ['12.50', 1250n],
    ['0.01', 1n],
    ['9999999999999999.99', OPERATION_AMOUNT_MAX_MINOR],
  ])('%s is read to the cent, as a number and as a string', (text, minor) => {
    expect([minorOf(schema, text), minorOf(schema, `"${text}"`)]).toEqual([minor, minor]);
  });

  test.each([
    ['1e2'],
    ['1E2'],
    ['1.000'],
    ['1.001'],
    ['0.001'],
    ['-1'],
    ['-0'],
    ['-0.01'],
    ['"-1"'],
    ['".5"'],
    ['"+1"'],
    ['"1e2"'],
    ['"1.000"'],
    ['"1."'],
    ['"01"'],
    ['""'],
    ['" 1"'],
    ['"1 "'],
    ['"1,5"'],
    ['"0x10"'],
    ['"NaN"'],
    ['"Infinity"'],
    ['"١"'],
    ['true'],
    ['false'],
    ['null'],
    ['[]'],
    ['["1"]'],
    ['{}'],
    ['{"value":"1","isLosslessNumber":true}'],
    ['90000000000000000'],
    ['"89999999999999999.92"'],
    ['1' + '0'.repeat(400)],
  ])('%s is not an amount: the error has the field and the code', (source) => {
    expect(errorOf(schema, source)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
  });

  test('a missing amount is reported as required', () => {
    const { error } = z.object({ amount: schema }).safeParse({});
    expect(error?.issues).toMatchObject([{ path: ['amount'], message: 'is required' }]);
  });

  test('a formatted amount reads back as itself, as a number and as a string', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: OPERATION_AMOUNT_MAX_MINOR }), (minor) => {
        const text = formatAmount(minor);
        expect([minorOf(schema, text), minorOf(schema, `"${text}"`)]).toEqual([minor, minor]);
      }),
    );
  });

  test('an accepted number has exactly the value of its source text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        const source = JSON.stringify(double);
        const minor = minorOf(schema, source);
        if (minor !== undefined) expect(formatAmount(minor as bigint).replace(/\.?0+$/, '') || '0').toBe(source);
      }),
    );
  });
});

test('zero is not an amount to move, but is a valid initial balance', () => {
  for (const zero of ['0', '0.0', '0.00', '"0"', '"0.00"']) {
    expect(errorOf(movedAmount, zero)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
    expect(errorOf(operationAmount, zero)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
    expect(minorOf(initialBalance, zero)).toBe(0n);
  }
});

test('an operation moves at most 9999999999999999.99; other amounts go up to what a wallet can hold', () => {
  expect(minorOf(operationAmount, '9999999999999999.99')).toBe(OPERATION_AMOUNT_MAX_MINOR);
  expect(read(operationAmount, '10000000000000000').error?.issues[0]?.message).toBe(
    'must be at most 9999999999999999.99',
  );
  for (const schema of [movedAmount, initialBalance]) {
    expect(minorOf(schema, '89999999999999999.91')).toBe(BALANCE_MAX_MINOR);
  }
});

test('thirty times 0.1 is 3', () => {
  const amounts = Array.from({ length: 30 }, () => minorOf(movedAmount, '0.1') as bigint);
  expect(formatAmount(amounts.reduce((sum, amount) => sum + amount, 0n))).toBe('3.00');
});

test('every formatted balance matches the declared pattern', () => {
  const pattern = new RegExp(z.globalRegistry.get(signedAmount('', ''))?.['pattern'] as string);
  fc.assert(
    fc.property(fc.bigInt({ min: -BALANCE_MAX_MINOR, max: BALANCE_MAX_MINOR }), (minor) => {
      expect(formatAmount(minor)).toMatch(pattern);
    }),
  );
});
