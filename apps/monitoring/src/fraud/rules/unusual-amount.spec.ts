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
import { unusualAmount } from './unusual-amount';

const rule = active(unusualAmount, { history: 5, times: 3, amount_min: '100.00', within_seconds: 60 });
const usual = steps(5, 100, -40_00n);

describe('unusual-amount', () => {
  it('is found if an amount is at least the given multiple of the largest before it', () => {
    const events = eventsOf([...usual, [1_000, -120_00n]]);
    expect(findingAt(rule, events)).toMatchObject({
      reason: '120.00 USD went out; the largest of the 5 amounts before it was 40.00 USD',
      evidence: [{ sequence: 6 }],
    });
    expect(sequencesOfAlerts(rule, events)).toEqual([6]);
  });

  it.each<[string, Step[]]>([
    ['it is a cent less', [...usual, [1_000, -119_99n]]],
    ['one before it was a cent larger', [...steps(4, 100, -40_00n), [500, -40_01n], [1_000, -120_00n]]],
    ['there is one amount too few to compare with', [...usual.slice(1), [1_000, -120_00n]]],
    ['the amounts before it were refused', [...steps(5, 100, -1n, refused), [1_000, -120_00n]]],
    ['it came in', [...usual, [1_000, 120_00n]]],
    ['it was refused', [...usual, [1_000, -120_00n, refused]]],
    ['it is below the minimum', [...steps(5, 100, -1n), [1_000, -99_99n]]],
  ])('is not found if %s', (_condition, history) => {
    expect(sequencesOfAlerts(rule, eventsOf(history))).toEqual([]);
  });

  it('compares with the latest amounts only', () => {
    const events = eventsOf([[0, -1_000_00n], ...steps(5, 100, -40_00n), [1_000, -120_00n]]);
    expect(sequencesOfAlerts(rule, events)).toEqual([7]);
  });

  it('raises one alert for large amounts in a row, and another after a while', () => {
    const growing = (startSecond: number) =>
      [-200_00n, -700_00n, -3_000_00n].map((amount, index): Step => [startSecond + index * 30, amount]);
    expect(sequencesOfAlerts(rule, eventsOf([...usual, ...growing(1_000)]))).toEqual([6]);
    expect(sequencesOfAlerts(rule, eventsOf([...usual, [1_000, -200_00n], [1_060.001, -700_00n]]))).toEqual([6, 7]);
  });

  it('is also found for every larger amount', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 30n });
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 5, maxLength: 5 }),
        amounts,
        amounts,
        (history, amount, difference) => {
          const findAfterHistory = (last: bigint) =>
            findingAt(rule, eventsOf([...history.map((previous, index): Step => [index, -previous]), [9, -last]]));
          if (findAfterHistory(amount)) expect(findAfterHistory(amount + difference)).toBeDefined();
          else expect(findAfterHistory(amount - (difference % amount))).toBeUndefined();
        },
      ),
    );
  });
});
