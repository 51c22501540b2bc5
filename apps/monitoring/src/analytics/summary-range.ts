import { readMoment, SUMMARY_BUCKETS_MAX, type AnalyticsSummary } from '@souk/contracts';
import { HOUR_MS } from './hourly-sums';

const DAY_MS = 24 * HOUR_MS;
const DEFAULT_RANGE_MS = 7 * DAY_MS;
/** The earliest start and the latest end of a range: RFC 3339 has four-digit years. */
const [BEGIN_MIN_MS, END_MAX_MS] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:00:00Z')];

const WHOLE_HOUR = /:00:00\.0+Z$/;

/** The requested range; its moments are in the form that `readMoment` returns. */
export interface RequestedRange {
  from?: string | undefined;
  to?: string | undefined;
  by: AnalyticsSummary['by'];
}

/** The half-open interval [from, to), in milliseconds since 1970. */
interface Span {
  from: number;
  to: number;
}

export interface SummaryRange extends Span {
  by: AnalyticsSummary['by'];
}

export interface InvalidBound {
  field: 'from' | 'to';
  message: string;
}

/**
 * Decides the range of a summary. Sums are hourly, so explicit bounds must be whole hours in UTC. Without `to`, the
 * range ends with the current hour: no event can be later than now.
 * @returns the range, or the invalid bound
 */
export function decideRange(
  requested: RequestedRange,
  now: Date,
): { ok: true; range: SummaryRange } | { ok: false; invalidBound: InvalidBound } {
  const to = requested.to ?? readMoment(now.toISOString())!;
  const from = requested.from ?? textOf(Math.max(Date.parse(to) - DEFAULT_RANGE_MS, BEGIN_MIN_MS));
  // Reports `to` as invalid if it was given, otherwise `from`.
  const refuse = (messageForTo: string, messageForFrom: string) => {
    const invalidBound: InvalidBound =
      requested.to === undefined ? { field: 'from', message: messageForFrom } : { field: 'to', message: messageForTo };
    return { ok: false, invalidBound } as const;
  };
  // Compared as strings, because `Date` would drop the microseconds.
  if (from >= to) return refuse('must be after `from`', 'must be before `to`');
  const range = { from: floorToHour(from), to: ceilToHour(to), by: requested.by };
  if (range.to > END_MAX_MS) return refuse(`must be at most ${textOf(END_MAX_MS)}`, '');
  for (const field of ['from', 'to'] as const) {
    const moment = requested[field];
    if (moment !== undefined && !WHOLE_HOUR.test(moment))
      return { ok: false, invalidBound: { field, message: 'must be a whole hour in UTC' } };
  }
  if (countBuckets(range) > SUMMARY_BUCKETS_MAX) {
    const bound = `at most ${SUMMARY_BUCKETS_MAX} ${requested.by}s`;
    return refuse(`must be ${bound} after \`from\``, `must be ${bound} before \`to\``);
  }
  return { ok: true, range };
}

/** @returns the hours or days of a range, the first and last clipped to its bounds */
export function bucketsOf(range: SummaryRange): Span[] {
  const lengthMs = bucketMs(range);
  const first = Math.floor(range.from / lengthMs) * lengthMs;
  return Array.from({ length: countBuckets(range) }, (_, index) => ({
    from: Math.max(first + index * lengthMs, range.from),
    to: Math.min(first + (index + 1) * lengthMs, range.to),
  }));
}

/** @returns the index of the bucket that contains a moment */
export const bucketIndexOf = (range: SummaryRange, momentMs: number) =>
  Math.floor(momentMs / bucketMs(range)) - Math.floor(range.from / bucketMs(range));

const countBuckets = (range: SummaryRange) =>
  Math.ceil(range.to / bucketMs(range)) - Math.floor(range.from / bucketMs(range));

const bucketMs = ({ by }: SummaryRange) => (by === 'hour' ? HOUR_MS : DAY_MS);

const textOf = (ms: number) => readMoment(new Date(ms).toISOString())!;

const floorToHour = (moment: string) => Math.floor(Date.parse(moment) / HOUR_MS) * HOUR_MS;
const ceilToHour = (moment: string) => floorToHour(moment) + (WHOLE_HOUR.test(moment) ? 0 : HOUR_MS);
