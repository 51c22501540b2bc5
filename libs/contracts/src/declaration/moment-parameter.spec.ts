import fc from 'fast-check';
import { momentOrDateParameter, momentParameter, readMoment } from './moment-parameter';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000000Z'],
  ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000000Z'],
  ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500000Z'],
  ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123456Z'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000000Z'],
  ['2026-01-31T12:00:00 02:00', '2026-01-31T10:00:00.000000Z'],
  ['2026-01-31T23:30:00-05:45', '2026-02-01T05:15:00.000000Z'],
  ['2026-01-31T12:00:00-00:00', '2026-01-31T12:00:00.000000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000000Z'],
])('%s is read as %s', (text, moment) => {
  expect(readMoment(text)).toBe(moment);
});

test.each([
  '',
  'now',
  '2026-01-31',
  '2026-01-31T12:00Z',
  '2026-01-31T12:00:00',
  '2026-01-31 12:00:00Z',
  ' 2026-01-31T12:00:00Z',
  '2026-01-31T12:00:00Z ',
  '2026-1-31T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2025-02-29T12:00:00Z',
  '2026-13-01T12:00:00Z',
  '2026-00-01T12:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T12:60:00Z',
  '2026-12-31T23:59:60Z',
  '2026-01-31T12:00:00.Z',
  '2026-01-31T12:00:00,5Z',
  '2026-01-31T12:00:00+2:00',
  '2026-01-31T12:00:00+0200',
  '2026-01-31T12:00:00+24:00',
  '2026-01-31T12:00:00+02:60',
  '+002026-01-31T12:00:00Z',
  '0000-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  '1769860800',
])('%j is not a moment', (text) => {
  expect(readMoment(text)).toBeUndefined();
});

test('the results sort in the order of the moments, whatever their offsets', () => {
  const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
  const offset = fc.integer({ min: -23 * 60, max: 23 * 60 });
  const format = (ms: number, minutes: number) => {
    const hhmm = new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16);
    return new Date(ms + minutes * 60_000).toISOString().replace('Z', `${minutes < 0 ? '-' : '+'}${hhmm}`);
  };
  fc.assert(
    fc.property(instant, offset, instant, offset, (a, offsetOfA, b, offsetOfB) => {
      const [first, second] = [readMoment(format(a, offsetOfA))!, readMoment(format(b, offsetOfB))!];
      expect(Date.parse(first)).toBe(a);
      expect(first < second).toBe(a < b);
    }),
  );
});

test('a moment in a query can be given only once', () => {
  const parameter = momentParameter('');
  expect(parameter.parse('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00.000000Z');
  for (const value of ['', 'yesterday', ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z']]) {
    expect(parameter.safeParse(value).success).toBe(false);
  }
});

test('a date, where it is allowed, means its start in UTC', () => {
  const parameter = momentOrDateParameter('When', '2026-01-31');
  expect(parameter.parse('2024-02-29')).toBe('2024-02-29T00:00:00.000000Z');
  expect(parameter.parse('2024-02-29T01:30:00+02:00')).toBe('2024-02-28T23:30:00.000000Z');
  for (const text of ['2025-02-29', '2025-2-1', '20250201', '2025-02', '2025-02-01 ', '', ['2025-02-01', '2025-02-02']])
    expect([text, parameter.safeParse(text).success]).toEqual([text, false]);
});
