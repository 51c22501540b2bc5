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
import { passThrough } from './pass-through';

const rule = active(passThrough, { share_percent: 90, amount_min: '100.00', incoming_max: 3, within_seconds: 60 });

describe('pass-through', () => {
  it('is found if most of the money that came in has left again', () => {
    const events = eventsOf([
      [0, 60_00n],
      [10, 40_00n, { type: 'credit' }],
      [20, -50_00n],
      [60, -40_00n, { type: 'withdrawal' }],
    ]);
    expect(findingAt(rule, events)).toMatchObject({
      reason: '90.00 USD of 100.00 USD that came in within 1 minute left again',
      evidence: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }, { sequence: 4 }],
    });
    expect(sequencesOfAlerts(rule, events)).toEqual([4]);
  });

  const inflow: Step = [0, 100_00n];
  it.each<[string, Step[]]>([
    ['a cent less left', [inflow, [60, -89_99n]]],
    [
      'a cent less came in',
      [
        [0, 99_99n],
        [60, -99_99n],
      ],
    ],
    ['it left a millisecond too late', [inflow, [60.001, -100_00n]]],
    ['the outgoing transaction was refused', [inflow, [60, -100_00n, refused]]],
    ['it was spent', [inflow, [60, -100_00n, { type: 'charge' }]]],
    [
      'it was paid to a shop',
      [
        [0, 100_00n, { type: 'charge' }],
        [60, -100_00n],
      ],
    ],
    [
      'it was refunded by a shop',
      [
        [0, 100_00n, { type: 'refund' }],
        [60, -100_00n],
      ],
    ],
    [
      'the money left before other money came in',
      [
        [0, 1_00n],
        [10, -100_00n],
        [20, 100_00n],
        [30, -80_00n],
      ],
    ],
    ['it came in many payments, like the takings of a business', [...steps(4, 1, 25_00n), [60, -100_00n]]],
  ])('is not found if %s', (_condition, history) => {
    expect(sequencesOfAlerts(rule, eventsOf(history))).toEqual([]);
  });

  it('does not count money that left before any came in', () => {
    const events = eventsOf([
      [0, -500_00n],
      [10, 100_00n],
      [20, -95_00n],
    ]);
    expect(findingAt(rule, events)?.evidence.map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  it('raises one alert for money passed on in many parts', () => {
    expect(sequencesOfAlerts(rule, eventsOf([inflow, ...steps(100, 0.5, -1_00n)]))).toEqual([91]);
    const again = eventsOf([inflow, [1, -100_00n], [2, 100_00n], [3, -100_00n], [64, 100_00n], [65, -100_00n]]);
    expect(sequencesOfAlerts(rule, again)).toEqual([2, 6]);
  });

  it('is found if and only if enough came in, the share of it left, and the last transaction took some of it', () => {
    const amount = fc.bigInt({ min: 1n, max: 200_00n });
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 3 }),
        fc.array(amount, { minLength: 1, maxLength: 10 }),
        (ins, outs) => {
          const sum = (amounts: bigint[]) => amounts.reduce((total, next) => total + next, 0n);
          const events = eventsOf([
            ...ins.map((incoming): Step => [0, incoming]),
            ...outs.map((outgoing): Step => [1, -outgoing]),
          ]);
          const isDetected = findingAt(rule, events) !== undefined;
          if (sum(ins) < 100_00n || sum(outs) * 10n < sum(ins) * 9n) expect(isDetected).toBe(false);
          // Once all that came in has left, further outgoing money doesn't count.
          else expect(isDetected).toBe(sum(outs.slice(0, -1)) < sum(ins));
        },
      ),
    );
  });
});
