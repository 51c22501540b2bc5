import { z } from 'zod';

/** The space is a `+` that was not percent-encoded in the query; nothing else in RFC 3339 arrives as a space. */
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:Z|([+ -])(\d{2}):(\d{2}))$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MINUTE_MS = 60_000;

/**
 * Reads a moment: RFC 3339 with an offset, on a day that exists, in the years 0000 to 9999. A leap second is refused, since no
 * engine's clock has one. Digits beyond microseconds are cut off, since no row stores them.
 * @returns the moment in UTC with six decimals of a second, such as `2026-01-31T12:00:00.000000Z`, or `undefined`. These texts
 *   sort in the order of the moments.
 */
export function readMoment(text: string): string | undefined {
  const [, date, time, fraction = '', sign = '+', hours = '00', minutes = '00'] = RFC_3339.exec(text) ?? [];
  if (date === undefined || hours > '23' || minutes > '59') return undefined;
  const local = isoSeconds(Date.parse(`${date}T${time}Z`));
  // Otherwise February 30 would be read as March 2.
  if (local !== `${date}T${time}`) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const utc = isoSeconds(Date.parse(`${local}Z`) + (sign === '-' ? offsetMs : -offsetMs));
  return utc === undefined ? undefined : `${utc}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** @returns `YYYY-MM-DDTHH:mm:ss` in UTC, or `undefined` if this format can't represent it */
function isoSeconds(ms: number): string | undefined {
  if (Number.isNaN(ms)) return undefined;
  const text = new Date(ms).toISOString();
  return /^\d/.test(text) ? text.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length) : undefined;
}

/** Text that `read` converts to a moment. Text that it can't read is refused with `message`, anything else with `typeError`. */
const readable = (read: (text: string) => string | undefined, message: string, typeError: string) =>
  z.string(typeError).transform((text, context) => {
    const moment = read(text);
    if (moment !== undefined) return moment;
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });

const momentText = (description: string, typeError: string) =>
  readable(readMoment, 'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z', typeError).meta({
    description,
    type: 'string',
    format: 'date-time',
    example: '2026-01-31T12:00:00Z',
  });

/** A moment in a query string, parsed by `readMoment`. */
export const momentParameter = (description: string) => momentText(description, 'must be given once');

/** A moment in a body, parsed by `readMoment`. */
export const momentField = (description: string) => momentText(description, 'must be a string');

/** A moment or a date in a query string. A date means its start in UTC. */
export const momentOrDateParameter = (description: string, example: string) =>
  readable(
    (text) => readMoment(DATE.test(text) ? `${text}T00:00:00Z` : text),
    'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z, or a date, such as 2026-01-31',
    'must be given once',
  ).meta({
    description: `${description}: an RFC 3339 timestamp, or a date, which means its start in UTC`,
    type: 'string',
    example,
  });
