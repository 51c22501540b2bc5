import { LosslessNumber } from 'lossless-json';
import { z } from 'zod';
import { id, integer, readAmount, type FieldErrorKind } from '../declaration/fields';

const INVALID_AMOUNT = 'INVALID_AMOUNT';
/** Zero or a negative number in any notation. Each digit matches in only one way, so matching takes linear time. */
const NOT_POSITIVE = /^(?:-(?:\d+(?:\.\d*)?|\.\d+)|\+?(?:0+(?:\.0*)?|\.0+))(?:e[+-]?\d+)?$/i;

interface AmountError extends FieldErrorKind {
  message: string;
}

function amountError(value: unknown): AmountError {
  if (value === undefined || value === null) return { message: 'is required', code: INVALID_AMOUNT };
  const text = value instanceof LosslessNumber ? value.value : value;
  if (typeof text === 'string' && NOT_POSITIVE.test(text))
    return { message: 'Amount must be greater than zero', code: INVALID_AMOUNT, isSentence: true };
  return {
    message: 'must be an amount of more than 0 with at most two decimals, such as "12.50"',
    code: INVALID_AMOUNT,
  };
}

/** The amount of a withdrawal: more than zero, parsed to minor units. */
export const withdrawalAmount = z
  .unknown()
  .transform((value, context) => {
    const minor = readAmount(value);
    if (minor !== undefined && minor > 0n) return minor;
    const { message, ...kind } = amountError(value);
    context.issues.push({ code: 'custom', message, input: value, params: { ...kind } });
    return z.NEVER;
  })
  .meta({
    description: 'A decimal string or a number, more than 0, with at most two decimals',
    example: 200.9,
    type: ['string', 'number'],
    pattern: String.raw`^(0|[1-9]\d*)(\.\d{1,2})?$`,
  });

const PIECES_MAX = 1_000_000;
const pieceCount = integer(1, PIECES_MAX, 'Number of pieces', 5);

const UNKNOWN_DENOMINATION: FieldErrorKind = { code: 'UNKNOWN_DENOMINATION', isSentence: true };
const NOTHING_TO_REFILL: AmountError = { message: 'Nothing to refill', isSentence: true };

/** The number of pieces to refill, by denomination; at least one piece in total. */
export const refillMoney = z
  .preprocess(
    (value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof LosslessNumber)
        return value;
      // `z.record` ignores this key, so the other denominations would be refilled.
      if (Object.hasOwn(value, '__proto__'))
        context.addIssue({
          code: 'custom',
          message: 'Unknown denomination __proto__',
          params: { ...UNKNOWN_DENOMINATION },
        });
      // `null` counts as absent, as everywhere else.
      return Object.fromEntries(Object.entries(value).filter(([, pieces]) => pieces !== null));
    },
    z
      .record(z.string(), pieceCount, {
        error: ({ input }) =>
          input === undefined ? 'is required' : 'must be an object such as {"0.1": 5, "20": 15, "100": 30}',
      })
      .check((context) => {
        const { message, ...kind } = NOTHING_TO_REFILL;
        if (Object.keys(context.value).length === 0)
          context.issues.push({ code: 'custom', message, input: context.value, params: { ...kind } });
      }),
  )
  .meta({
    description: 'Number of pieces by denomination',
    example: { '0.1': 5, '20': 15, '100': 30 },
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 1, maximum: PIECES_MAX },
  });

export const MACHINE_ID = /^[A-Za-z0-9_-]{1,64}$/;
export const machineID = id('The machine', 'main');
