import { formatAmount, parseAmount, type Minor } from '@souk/money';
import { z } from 'zod';
import { COUNTED_EVENTS_MAX } from './window';

const DAY_S = 86_400;
const WITHIN_MAX_S = 31 * DAY_S;

/** How far back a rule looks. */
export const seconds = (fallback: number, description: string) =>
  z.number().int().min(1).max(WITHIN_MAX_S).default(fallback).describe(description);

/** A number of events. */
export const count = (fallback: number, description: string) =>
  z.number().int().min(1).max(COUNTED_EVENTS_MAX).default(fallback).describe(description);

/** A share in percent. */
export const percent = (fallback: number, description: string) =>
  z.number().int().min(1).max(100).default(fallback).describe(description);

/** A multiple of an amount. */
export const times = (fallback: number, description: string) =>
  z.number().int().min(2).max(1_000).default(fallback).describe(description);

const isText = (value: string) => parseAmount(value) !== undefined;

/** An amount of money, written as a decimal string. */
export const money = (fallback: Minor, description: string) =>
  z
    .string(`must be an amount in quotes, such as "${formatAmount(fallback)}"`)
    .refine(isText, { error: `must be an amount such as "${formatAmount(fallback)}"`, abort: true })
    .transform((text) => parseAmount(text)!)
    .default(fallback)
    .describe(description);
