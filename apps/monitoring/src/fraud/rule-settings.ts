import { formatAmount, parseAmount, type Minor } from '@souk/money';
import { z } from 'zod';
import { COUNTED_EVENTS_MAX } from './window';

const DAY_S = 86_400;
const WITHIN_MAX_S = 31 * DAY_S;

/** A period in seconds. */
export const seconds = (defaultValue: number, description: string) =>
  z.number().int().min(1).max(WITHIN_MAX_S).default(defaultValue).describe(description);

/** A number of events. */
export const count = (defaultValue: number, description: string) =>
  z.number().int().min(1).max(COUNTED_EVENTS_MAX).default(defaultValue).describe(description);

/** A share in percent. */
export const percent = (defaultValue: number, description: string) =>
  z.number().int().min(1).max(100).default(defaultValue).describe(description);

/** The minimum multiple of another amount. */
export const times = (defaultValue: number, description: string) =>
  z.number().int().min(2).max(1_000).default(defaultValue).describe(description);

const isAmount = (value: string) => parseAmount(value) !== undefined;

/** An amount of money, written as a decimal string. */
export const money = (defaultValue: Minor, description: string) =>
  z
    .string(`must be an amount in quotes, such as "${formatAmount(defaultValue)}"`)
    .refine(isAmount, { error: `must be an amount such as "${formatAmount(defaultValue)}"`, abort: true })
    .transform((text) => parseAmount(text)!)
    .default(defaultValue)
    .describe(description);
