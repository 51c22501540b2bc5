import { z } from 'zod';

/*
 * Outcomes are stored as JSON in which amounts and moments keep their types: `{"$minor": "1250"}`, `{"$moment":
 * "2026-01-31T12:00:00.000Z"}`.
 */

const tagged = z.union([z.strictObject({ $minor: z.string() }), z.strictObject({ $moment: z.string() })]);

export function encodeOutcome(outcome: unknown): string {
  return JSON.stringify(outcome, function (this: Record<string, unknown>, key, value: unknown) {
    // `toJSON` has already converted `value`; its holder still has the original.
    const original = this[key];
    if (original instanceof Date) return { $moment: original.toISOString() };
    if (typeof original === 'bigint') return { $minor: original.toString() };
    return value;
  });
}

export function decodeOutcome(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    const { data } = tagged.safeParse(value);
    if (!data) return value;
    return '$minor' in data ? BigInt(data.$minor) : new Date(data.$moment);
  });
}
