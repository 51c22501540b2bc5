import { readMoment, SUMMARY_BUCKETS_MAX } from '@souk/contracts';
import { bucketIndexOf, bucketsOf, decideRange, type RequestedRange } from './summary-range';

const NOW = new Date('2026-01-31T12:34:56.789Z');

const decide = ({ from, to, by = 'hour' }: Partial<RequestedRange>) =>
  decideRange({ from: from && readMoment(from)!, to: to && readMoment(to)!, by }, NOW);

/** A moment in ISO 8601, without a trailing `:00:00.000Z`. */
const hourText = (ms: number) => new Date(ms).toISOString().replace(':00:00.000Z', '');
function decidedBounds(requested: Partial<RequestedRange>) {
  const decided = decide(requested);
  if (!decided.ok) throw new Error(decided.invalidBound.message);
  return [hourText(decided.range.from), hourText(decided.range.to)];
}

test.each([
  ['within a day', '2026-01-01T10:00:00Z', '2026-01-01T12:00:00Z', '2026-01-01T10', '2026-01-01T12'],
  ['with another offset', '2026-01-01T10:30:00+05:30', '2026-01-01T12:30:00+05:30', '2026-01-01T05', '2026-01-01T07'],
  ['before 1970', '1969-12-31T22:00:00Z', '1970-01-01T00:00:00Z', '1969-12-31T22', '1970-01-01T00'],
  ['the earliest', '0000-01-01T00:00:00Z', '0000-01-01T01:00:00Z', '0000-01-01T00', '0000-01-01T01'],
  ['the latest', '9999-12-31T22:00:00Z', '9999-12-31T23:00:00Z', '9999-12-31T22', '9999-12-31T23'],
])('a range of whole hours is used as requested: %s', (_, from, to, first, last) => {
  expect(decidedBounds({ from, to })).toEqual([first, last]);
});

test.each([
  ['2026-01-01T10:00:00.001Z', '2026-01-01T11:00:00Z', 'from'],
  ['2026-01-01T10:00:00Z', '2026-01-01T11:30:00Z', 'to'],
  ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00.000001Z', 'to'],
  ['2026-01-01T10:00:00.000001Z', '2026-01-01T10:00:00.000002Z', 'from'],
  ['2026-01-01T10:00:00+05:30', '2026-01-01T11:30:00+05:30', 'from'],
  ['2026-01-31T12:34:56.788999Z', undefined, 'from'],
  [undefined, '2026-01-31T12:34:56.789Z', 'to'],
])('bounds other than whole hours are refused, not widened: from %s to %s', (from, to, field) => {
  expect(decide({ from, to })).toEqual({ ok: false, invalidBound: { field, message: 'must be a whole hour in UTC' } });
});

test('the default range is the last seven days', () => {
  expect(decidedBounds({})).toEqual(['2026-01-24T12', '2026-01-31T13']);
  expect(decidedBounds({ to: '2026-01-10T00:00:00Z' })).toEqual(['2026-01-03T00', '2026-01-10T00']);
  expect(decidedBounds({ to: '0000-01-02T00:00:00Z' })).toEqual(['0000-01-01T00', '0000-01-02T00']);
  expect(decidedBounds({ from: '2026-01-31T12:00:00Z' })).toEqual(['2026-01-31T12', '2026-01-31T13']);
});

test.each([
  [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'to', 'must be after `from`'],
  [{ from: '2026-01-01T10:10:00Z', to: '2026-01-01T10:10:00Z' }, 'to', 'must be after `from`'],
  [{ from: '2026-01-01T10:00:00.000002Z', to: '2026-01-01T10:00:00.000001Z' }, 'to', 'must be after `from`'],
  [{ from: '2026-01-31T12:34:56.789Z' }, 'from', 'must be before `to`'],
  [{ from: '2027-01-01T00:00:00Z' }, 'from', 'must be before `to`'],
  [{ to: '0000-01-01T00:00:00Z' }, 'to', 'must be after `from`'],
  [{ to: '9999-12-31T23:00:00.000001Z' }, 'to', 'must be at most 9999-12-31T23:00:00.000000Z'],
  [{ from: '2025-01-01T00:00:00Z' }, 'from', 'must be at most 1000 hours before `to`'],
  [{ from: '2022-01-01T00:00:00Z', by: 'day' }, 'from', 'must be at most 1000 days before `to`'],
  [{ from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'to', 'must be at most 1000 hours after `from`'],
] as const)('%j is refused, and the invalid bound is named', (requested, field, message) => {
  expect(decide(requested)).toEqual({ ok: false, invalidBound: { field, message } });
});

test.each([
  ['hour', '2026-02-11T16:00:00Z', '2026-02-11T17:00:00Z'],
  ['day', '2028-09-27T00:00:00Z', '2028-09-27T01:00:00Z'],
] as const)('a summary by %s has at most a thousand buckets', (by, latest, tooLate) => {
  const from = '2026-01-01T00:00:00Z';
  const decided = decide({ from, to: latest, by });
  expect(decided.ok && bucketsOf(decided.range)).toHaveLength(SUMMARY_BUCKETS_MAX);
  expect(decide({ from, to: tooLate, by }).ok).toBe(false);
});

test.each([
  ['hour', ['2026-01-01T22', '2026-01-01T23', '2026-01-02T00', '2026-01-02T01']],
  ['day', ['2026-01-01T22', '2026-01-02T00']],
] as const)('buckets by %s are contiguous and clipped to the range', (by, starts) => {
  const decided = decide({ from: '2026-01-01T22:00:00Z', to: '2026-01-02T02:00:00Z', by });
  if (!decided.ok) throw new Error(decided.invalidBound.message);
  const buckets = bucketsOf(decided.range);
  expect(buckets.map(({ from }) => hourText(from))).toEqual(starts);
  expect(buckets.map(({ to }) => hourText(to))).toEqual([...starts.slice(1), '2026-01-02T02']);
  for (const [index, { from, to }] of buckets.entries())
    for (const moment of [from, to - 1]) expect(bucketIndexOf(decided.range, moment)).toBe(index);
});
