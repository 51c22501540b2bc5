import { formatAmount, parseAmount, type Minor } from '@souk/money';
import { LosslessNumber } from 'lossless-json';
import { z } from 'zod';

/*
 * Parsing a request body keeps the source text of every number (`LosslessNumber`): an amount is validated by its text and never
 * becomes a floating-point number.
 */

/** The properties of a field's error besides its message, stored in the `params` of a zod issue. */
export interface FieldErrorKind {
  /** The code of the failure, if it is not INVALID_REQUEST. */
  code?: string;
  /** The value can never be a key, so the request counts as unreadable rather than as invalid. */
  isUnreadable?: boolean;
  /** The message is a complete sentence, so the name of the field is not put before it. */
  isSentence?: boolean;
}

const ID_LENGTH_MAX = 100;

const WHITE_SPACE = /\p{White_Space}/u;
const SURROGATE = /\p{Surrogate}/u;

/** White space as defined by Unicode, and the separators U+001C to U+001F, which `trim` doesn't remove. */
const isSpace = (character: string) => WHITE_SPACE.test(character) || (character >= '\u001c' && character <= '\u001f');

/** @returns the error of a text that can't be a key, or `undefined` */
function malformedTextError(value: string): string | undefined {
  if (SURROGATE.test(value)) return 'is not well-formed text';
  return value.includes('\0') ? 'must not contain NUL' : undefined;
}

/** @returns the error of an invalid id, or `undefined`. Characters are code points. NUL and lone surrogates are not allowed. */
export function idError(value: string): string | undefined {
  if (value.length === 0) return 'must not be empty';
  const textError = malformedTextError(value);
  if (textError) return textError;
  if (value.trim() !== value || isSpace(value[0]!) || isSpace(value.at(-1)!))
    return 'must not start or end with white space';
  if (value.length > ID_LENGTH_MAX && [...value].length > ID_LENGTH_MAX)
    return `must have at most ${ID_LENGTH_MAX} characters`;
  return undefined;
}

/** Rejects invalid ids, in messages and requests alike. */
export const validId: z.core.CheckFn<string> = (context) => {
  const message = idError(context.value);
  if (message) context.issues.push({ code: 'custom', message, input: context.value });
};

/** Text with its own rule: `errorOf` returns the message for an invalid value. */
const textWith = (
  errorOf: (value: string) => string | undefined,
  kindOf: (value: string) => FieldErrorKind = () => ({}),
) =>
  z.string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a string') }).check((context) => {
    const message = errorOf(context.value);
    if (message)
      context.issues.push({ code: 'custom', message, input: context.value, params: { ...kindOf(context.value) } });
  });

/** An id: 1 to 100 characters, compared byte for byte. */
export const id = (description: string, example: string) =>
  textWith(idError, (value) => ({ isUnreadable: malformedTextError(value) !== undefined })).meta({
    description,
    example,
    minLength: 1,
    maxLength: ID_LENGTH_MAX,
  });

/** Human-readable text of 1 to `max` characters. */
export const name = (max: number, description: string, example: string) =>
  textWith((value) => {
    if (value.trim().length === 0) return 'must not be empty';
    if (malformedTextError(value)) return 'is not well-formed text';
    return [...value].length > max ? `must have at most ${max} characters` : undefined;
  }).meta({ description, example, minLength: 1, maxLength: max });

/** Human-readable text of at most `max` characters; may be empty. */
export const text = (max: number, description: string, example: string) =>
  textWith((value) => {
    if (malformedTextError(value)) return 'is not well-formed text';
    return [...value].length > max ? `must have at most ${max} characters` : undefined;
  }).meta({ description, example, maxLength: max });

const PLAIN_NUMBER = /^-?\d+(?:\.(\d+))?$/;

/** Reads an integer from its source text, so that `1.00000000000000000001` does not become 1; NaN if it has a fraction. */
function exactInteger({ value }: LosslessNumber): number {
  const fraction = PLAIN_NUMBER.exec(value)?.[1];
  return fraction !== undefined && /[1-9]/.test(fraction) ? NaN : Number(value) + 0;
}

/** An integer. `2.0` is accepted, `"2"` is not. */
export const integer = (min: number, max: number, description: string, example: number) =>
  z
    .preprocess(
      (value) => (value instanceof LosslessNumber ? exactInteger(value) : value),
      z
        .number({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be an integer') })
        .int('must be an integer')
        .min(min, `must be at least ${min}`)
        .max(max, `must be at most ${max}`),
    )
    .meta({ description, example });

/** An integer in a query string. */
export const integerParameter = (min: number, max: number, fallback: number, description: string) =>
  z
    .string('must be given once')
    .regex(/^\d{1,9}$/, 'must be an integer')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)
    .default(fallback)
    .meta({ description, type: 'integer', minimum: min, maximum: max, default: fallback });

/** @returns minor units if the value is a decimal string, or a number, with at most two decimals in its source text */
export function readAmount(value: unknown): Minor | undefined {
  const text = value instanceof LosslessNumber ? value.value : value;
  return typeof text === 'string' ? parseAmount(text) : undefined;
}

/** An amount in a request: a decimal string or a JSON number with at most two decimals in its text. Parsed to minor units. */
export const amountInput = (maxMinor: bigint, description: string, example: string) =>
  z
    .unknown()
    .transform((value, context) => {
      const minor = readAmount(value);
      if (minor !== undefined && minor <= maxMinor) return minor;
      const message =
        value === undefined || value === null
          ? 'is required'
          : minor === undefined
            ? 'must be an amount of 0 or more with at most two decimals, such as "12.50"'
            : 'is too large';
      context.issues.push({ code: 'custom', message, input: value });
      return z.NEVER;
    })
    .meta({ description, example, type: ['string', 'number'] });

/**
 * A list of `min` to `max` items. Its length is checked before its items, so that a very long list of invalid items is refused at
 * once.
 */
export const list = <Item extends z.ZodType>(item: Item, max: number, min = 0) => {
  const items = z.array(item).max(max);
  return z.preprocess(
    (value, context) => {
      if (!Array.isArray(value) || value.length <= max) return value;
      context.issues.push({ code: 'custom', message: `must have at most ${max} items`, input: value });
      return z.NEVER;
    },
    min > 0 ? items.min(min) : items,
  );
};

/** An amount in an answer: a decimal string with two decimals. */
export const amount = (description: string, example: string) =>
  z.string().meta({ description, example, pattern: String.raw`^\d+\.\d{2}$` });

/** An amount as a JSON number with all its digits. A body that contains one must be written by `exactJson`. */
export const exactNumber = (minor: Minor) => new LosslessNumber(formatAmount(minor));

/** ISO 4217 code. */
export const currency = z.string().meta({ description: 'ISO 4217 code', example: 'USD' });

/** A moment in an answer: RFC 3339, in UTC. */
export const moment = (description: string) =>
  z.string().meta({ description, format: 'date-time', example: '2026-01-31T12:00:00.000Z' });
