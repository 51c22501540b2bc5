/** ISO 4217 code. There is only USD for now, but every row and type states its currency. */
export type Currency = 'USD';

export const CURRENCY: Currency = 'USD';

/** An amount in minor units (cents). Always an integer: money is never a floating-point number. */
export type Minor = bigint;

const PLAIN_DECIMAL = /^(0|[1-9]\d*)(?:\.(\d{1,2}))?$/;

/**
 * Parses an amount from its source text: digits, then at most two decimals. A sign, an exponent, a leading dot or zero, and
 * a third decimal are refused, even if they would not change the value.
 * @returns minor units, or `undefined` if the text is not such an amount
 */
export function parseAmount(text: string): Minor | undefined {
  const match = PLAIN_DECIMAL.exec(text);
  if (!match) return undefined;
  return BigInt(match[1]! + (match[2] ?? '').padEnd(2, '0'));
}

/** Formats minor units with two decimals: `1250n` becomes `"12.50"`. */
export function formatAmount(minor: Minor): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
