import fc from 'fast-check';
import {
  active,
  eventsOf,
  findingAt,
  sequencesOfAlerts,
  refused,
  steps,
  type Step,
} from '../../../test/fraud/test-events';
import { structuring } from './structuring';

const rule = active(structuring, {
  limit: '100.00',
  below_percent: 10,
  count_min: 3,
  total_max: '280.00',
  within_seconds: 60,
});
const parts = steps(2, 30, -95_00n);

describe('structuring', () => {
  it('is found if parts just below the limit add up to more than the allowed total', () => {
    const events = eventsOf([...parts, [60, -90_01n]]);
    expect(findingAt(rule, events)).toMatchObject({
      reason: '3 amounts just below 100.00 USD went out within 1 minute, 280.01 USD together',
      evidence: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
    });
    expect(sequencesOfAlerts(rule, events)).toEqual([3]);
  });

  it.each<[string, Step[]]>([
    ['they add up to a cent less', [...parts, [60, -90_00n]]],
    ['one equals the limit', [...parts, [60, -100_00n]]],
    ['one is a cent too small', [...steps(2, 30, -99_99n), [60, -89_99n]]],
    ['one is a millisecond too late', [...parts, [60.001, -99_99n]]],
    ['one was refused', [...parts, [60, -99_99n, refused]]],
    ['one came in', [...parts, [60, 99_99n]]],
    ['there is one fewer', steps(2, 30, -99_99n)],
  ])('is not found if %s', (_condition, history) => {
    expect(sequencesOfAlerts(rule, eventsOf(history))).toEqual([]);
  });

  it('counts only the parts, whatever other amounts go out between them', () => {
    const events = eventsOf([...parts, [40, -500_00n], [50, -5_00n], [60, -99_99n]]);
    expect(findingAt(rule, events)?.evidence.map(({ sequence }) => sequence)).toEqual([1, 2, 5]);
    expect(findingAt(rule, events.slice(0, 4))).toBeUndefined();
  });

  it('raises one alert for an endless series of parts', () => {
    expect(sequencesOfAlerts(rule, eventsOf(steps(500, 10, -95_00n)))).toEqual([3]);
  });

  it('is found if and only if a plain sum exceeds the allowed total', () => {
    const amounts = fc.array(fc.bigInt({ min: 85_00n, max: 105_00n }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, (outgoing) => {
        const isPart = (amount: bigint) => amount >= 90_00n && amount < 100_00n;
        const counted = outgoing.filter(isPart);
        const isUnusual = counted.length >= 3 && counted.reduce((sum, amount) => sum + amount, 0n) > 280_00n;
        const finding = findingAt(rule, eventsOf(outgoing.map((amount, index) => [index, -amount])));
        expect(finding !== undefined).toBe(isUnusual && isPart(outgoing.at(-1)!));
      }),
    );
  });
});
