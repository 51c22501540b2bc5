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
import { velocity } from './velocity';

const rule = active(velocity, { count_max: 3, within_seconds: 60 });

describe('velocity', () => {
  it('is found at one outgoing transaction more than the limit, with all of them as evidence', () => {
    const events = eventsOf(steps(4, 20, -1n));
    expect(findingAt(rule, events)).toMatchObject({
      reason: '4 outgoing transactions within 1 minute, more than 3',
      evidence: events.map(({ sequence }) => ({ sequence })),
    });
    expect(sequencesOfAlerts(rule, events)).toEqual([4]);
  });

  it.each<[string, Step[]]>([
    ['there is one fewer', steps(3, 20, -1n)],
    ['the last is a millisecond too late', [...steps(3, 20, -1n), [60.001, -1n]]],
    ['one of them came in', [...steps(3, 20, -1n), [60, 1n]]],
    ['one of them was refused', [...steps(3, 20, -1n), [60, -1n, refused]]],
    ['one of them is a refund', [...steps(3, 20, -1n), [60, -1n, { type: 'refund' }]]],
    ['thousands of charges come in', steps(3_000, 0.01, 1n, { type: 'charge' })],
  ])('is not found if %s', (_condition, history) => {
    expect(sequencesOfAlerts(rule, eventsOf(history))).toEqual([]);
  });

  it('raises one alert for a burst, and another for the next', () => {
    const burst = steps(50, 1, -1n);
    const next = burst.map(([second, amount]): Step => [second + 110.001, amount]);
    expect(sequencesOfAlerts(rule, eventsOf([...burst, ...next]))).toEqual([4, 54]);
    const tooSoon = burst.map(([second, amount]): Step => [second + 100, amount]);
    expect(sequencesOfAlerts(rule, eventsOf([...burst, ...tooSoon]))).toEqual([4]);
  });

  it('is found if and only if a plain count exceeds the limit', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(seconds, (unsorted) => {
        const sorted = unsorted.sort((a, b) => a - b);
        const counted = sorted.filter((second) => second >= sorted.at(-1)! - 60).length;
        const finding = findingAt(rule, eventsOf(sorted.map((second) => [second, -1n])));
        expect(finding?.evidence.length).toBe(counted > 3 ? counted : undefined);
      }),
    );
  });
});
