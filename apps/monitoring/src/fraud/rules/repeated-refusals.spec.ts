import {
  active,
  eventsOf,
  findingAt,
  sequencesOfAlerts,
  refused,
  steps,
  type Step,
} from '../../../test/fraud/test-events';
import { repeatedRefusals } from './repeated-refusals';

const rule = active(repeatedRefusals, { count_max: 3, within_seconds: 60 });

describe('repeated-refusals', () => {
  it('is found at one refusal more than the limit', () => {
    const events = eventsOf(steps(4, 20, -500n, refused));
    expect(findingAt(rule, events)?.reason).toBe('4 outgoing transactions were refused within 1 minute, more than 3');
    expect(findingAt(rule, events)?.evidence.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(sequencesOfAlerts(rule, events)).toEqual([4]);
  });

  it.each<[string, Step[]]>([
    ['there is one fewer', steps(3, 20, -1n, refused)],
    ['the last is a millisecond too late', [...steps(3, 20, -1n, refused), [60.001, -1n, refused]]],
    ['one of them was not refused', [...steps(3, 20, -1n, refused), [60, -1n]]],
    ['the refused transactions are incoming', steps(9, 1, 1n, { ...refused, type: 'charge' })],
  ])('is not found if %s', (_condition, history) => {
    expect(sequencesOfAlerts(rule, eventsOf(history))).toEqual([]);
  });

  it('counts refusals even if transactions succeed between them', () => {
    const mixed = steps(4, 20, -1n, refused).flatMap(([second, amount, fields]): Step[] => [
      [second, amount, fields],
      [second, amount, {}],
    ]);
    expect(sequencesOfAlerts(rule, eventsOf(mixed))).toEqual([7]);
  });

  it('raises one alert for a series of refusals, however long', () => {
    expect(sequencesOfAlerts(rule, eventsOf(steps(1_000, 5, -1n, refused)))).toEqual([4]);
  });
});
