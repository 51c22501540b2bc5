const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const NONE = '–';

const orNone = (value: number | undefined, format: (value: number) => string) =>
  value === undefined || !Number.isFinite(value) ? NONE : format(value);

/** Formats for tables; a value that doesn't exist is a dash. */
export const count = (value: number | undefined) => orNone(value, (number) => whole.format(number));
export const oneDecimal = (value: number | undefined) => orNone(value, (number) => number.toFixed(1));
export const twoDecimals = (value: number | undefined) => orNone(value, (number) => number.toFixed(2));
