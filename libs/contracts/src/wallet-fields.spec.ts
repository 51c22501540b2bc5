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

/** An amount by the source text of its JSON. */
const read = (schema: z.ZodType, source: string) =>
  z.object({ amount: schema }).safeParse(parse(`{"amount":${source}}`));

const minorOf = (schema: z.ZodType, source: string): unknown => read(schema, source).data?.amount;

const kindOf = (schema: z.ZodType, source: string) => {
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
  ])('%s is read to the cent, as a number and as a text', (text, minor) => {
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
  ])('%s is no amount, and the field and the code say so', (source) => {
    expect(kindOf(schema, source)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
  });

  test('one that is missing is told so', () => {
    const { error } = z.object({ amount: schema }).safeParse({});
    expect(error?.issues).toMatchObject([{ path: ['amount'], message: 'is required' }]);
  });

  test('what is printed is read as itself, as a number and as a text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: OPERATION_AMOUNT_MAX_MINOR }), (minor) => {
        const text = formatAmount(minor);
        expect([minorOf(schema, text), minorOf(schema, `"${text}"`)]).toEqual([minor, minor]);
      }),
    );
  });

  test('no number that was not written by its digits gets through', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        const source = JSON.stringify(double);
        const minor = minorOf(schema, source);
        if (minor !== undefined) expect(formatAmount(minor as bigint).replace(/\.?0+$/, '') || '0').toBe(source);
      }),
    );
  });
});

test('nothing can be moved, but an account can begin with nothing', () => {
  for (const zero of ['0', '0.0', '0.00', '"0"', '"0.00"']) {
    expect(kindOf(movedAmount, zero)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
    expect(kindOf(operationAmount, zero)).toEqual([['amount'], { code: 'INVALID_AMOUNT' }]);
    expect(minorOf(initialBalance, zero)).toBe(0n);
  }
});

test('an operation moves at most 9999999999999999.99, anything else as much as a wallet can hold', () => {
  expect(minorOf(operationAmount, '9999999999999999.99')).toBe(OPERATION_AMOUNT_MAX_MINOR);
  expect(read(operationAmount, '10000000000000000').error?.issues[0]?.message).toBe(
    'must be at most 9999999999999999.99',
  );
  for (const schema of [movedAmount, initialBalance]) {
    expect(minorOf(schema, '89999999999999999.91')).toBe(BALANCE_MAX_MINOR);
  }
});

test('0.1 thirty times is 3', () => {
  const pieces = Array.from({ length: 30 }, () => minorOf(movedAmount, '0.1') as bigint);
  expect(formatAmount(pieces.reduce((sum, each) => sum + each, 0n))).toBe('3.00');
});

test('what is printed of any balance is what is declared of it', () => {
  const pattern = new RegExp(z.globalRegistry.get(signedAmount('', ''))?.['pattern'] as string);
  fc.assert(
    fc.property(fc.bigInt({ min: -BALANCE_MAX_MINOR, max: BALANCE_MAX_MINOR }), (minor) => {
      expect(formatAmount(minor)).toMatch(pattern);
    }),
  );
});
