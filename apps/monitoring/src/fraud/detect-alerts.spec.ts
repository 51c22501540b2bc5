import fc from 'fast-check';
import { active, eventsOf, findingAt, refused, steps, type Step } from '../../test/fraud/test-events';
import type { AccountEvent } from '../consumer';
import { detectAlerts, type FraudWindows } from './detect-alerts';
import type { ActiveRule, Finding } from './rule';
import { RULES } from './rules';
import { WINDOW_EVENTS_MAX } from './window';

/** Limits so low that histories of a few dozen events raise alerts of all rules. */
const TIGHT: Record<string, Record<string, unknown>> = {
  velocity: { count_max: 3, within_seconds: 60 },
  'unusual-amount': { history: 3, times: 2, amount_min: '1.00', within_seconds: 60 },
  'repeated-refusals': { count_max: 2, within_seconds: 60 },
  'pass-through': { share_percent: 50, amount_min: '1.00', incoming_max: 5, within_seconds: 60 },
  structuring: { limit: '3.00', below_percent: 50, count_min: 2, total_max: '3.00', within_seconds: 60 },
};
const rules: readonly ActiveRule[] = RULES.map((rule) => active(rule, TIGHT[rule.name]));

const step = fc.tuple(
  fc.integer({ min: 0, max: 30 }),
  fc.bigInt({ min: -10_00n, max: 10_00n }).filter((amount) => amount !== 0n),
  fc.constantFrom<Partial<AccountEvent>>(
    ...[{}, {}, {}, refused, refused, refused],
    ...[{ type: 'charge' }, { type: 'withdrawal' }, { type: 'refund' }],
  ),
);
const histories = fc.array(step, { minLength: 1, maxLength: 60 }).map((gaps) => {
  let second = 0;
  return gaps.map(([gap, amount, fields]): Step => [(second += gap), amount, fields]);
});

const alertsOf = (events: readonly AccountEvent[], activeRules = rules) =>
  detectAlerts(activeRules, new Map(), events).alerts;
const summarize = (events: readonly AccountEvent[], activeRules = rules) =>
  alertsOf(events, activeRules).map(({ rule, raisedBy, evidence }) => [
    rule,
    raisedBy.sequence,
    evidence.map(({ sequence }) => sequence),
  ]);

test('the histories of these tests raise alerts of every rule', () => {
  const alerts = fc.sample(histories, { numRuns: 200, seed: 1 }).flatMap((history) => summarize(eventsOf(history)));
  expect(new Set(alerts.map(([rule]) => rule))).toEqual(new Set(RULES.map(({ name }) => name)));
});

describe.each(rules)('$rule.name', (rule) => {
  const withinMs = rule.settings.within_seconds * 1_000;

  it('has evidence within its time window, in order and without duplicates, ending with the current event', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { evidence, raisedBy } of alertsOf(eventsOf(history), [rule])) {
          expect(evidence.at(-1)!.sequence).toBe(raisedBy.sequence);
          for (const { atMs } of evidence) expect(raisedBy.atMs - atMs).toBeLessThanOrEqual(withinMs);
          const sequences = evidence.map(({ sequence }) => sequence);
          expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('finds the same if all events are shifted in time', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: -1_000_000, max: 1_000_000 }), (history, shift) => {
        const shifted = history.map(([second, amount, fields]): Step => [second + shift, amount, fields]);
        expect(summarize(eventsOf(shifted), [rule])).toEqual(summarize(eventsOf(history), [rule]));
      }),
    );
  });

  it('ignores events older than its time window', () => {
    if (rule.rule.name === 'unusual-amount') return; // it compares amounts of any age
    fc.assert(
      fc.property(histories, histories, (older, history) => {
        const later = history.map(([second, amount, fields]): Step => [second + 10_000, amount, fields]);
        const alone = findingAt(rule, eventsOf(later));
        const afterOlder = findingAt(rule, eventsOf([...older, ...later]));
        const evidenceOf = (finding: Finding | undefined) =>
          finding?.evidence.map(({ atMs, amount }) => [atMs, amount]);
        expect(evidenceOf(afterOlder)).toEqual(evidenceOf(alone));
      }),
    );
  });

  it('raises no second alert within its time window', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const moments = alertsOf(eventsOf(history), [rule]).map(({ raisedBy }) => raisedBy.atMs);
        moments.slice(1).forEach((moment, index) => expect(moment - moments[index]!).toBeGreaterThan(withinMs));
      }),
    );
  });

  it('ignores incoming charges and refunds, however many there are', () => {
    const charges = steps(2 * WINDOW_EVENTS_MAX, 0, 5_00n, { type: 'charge' });
    const refunds = steps(2 * WINDOW_EVENTS_MAX, 0, -2_50n, { type: 'refund' });
    fc.assert(
      fc.property(histories, fc.nat(), (history, position) => {
        const events = eventsOf(history);
        const ignored = eventsOf([...charges, ...refunds]).map((event) => ({ ...event, at: events[0]!.at }));
        const index = position % events.length;
        const all = [...events.slice(0, index), ...ignored, ...events.slice(index)];
        expect(summarize(all, [rule])).toEqual(summarize(events, [rule]));
      }),
      { numRuns: 20 },
    );
  });
});

test('the same events give the same alerts, however they are batched', () => {
  fc.assert(
    fc.property(
      fc.array(histories, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat({ max: 20 })),
      (accounts, sizes) => {
        const events = accounts.flatMap((history, index) => eventsOf(history, `a-${index}`));
        const [unapplied, alerts] = [[...events], [] as unknown[]];
        let windows: FraudWindows = new Map();
        for (const size of [...sizes, Infinity]) {
          const detected = detectAlerts(rules, windows, unapplied.splice(0, size));
          alerts.push(...detected.alerts);
          windows = detected.windows;
        }
        expect(alerts).toEqual(alertsOf(events));
      },
    ),
  );
});

test('alert ids are derived from account, event and rule, and are unique', () => {
  const events = ['a-1', 'a-2'].flatMap((account) =>
    eventsOf(steps(200, 61, -2_00n).concat(steps(9, 1, -2_00n)), account),
  );
  const ids = alertsOf(events).map(({ id }) => id);
  expect(ids).toEqual(alertsOf(events).map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a window holds the latest events of each kind, and a flood of one kind displaces no other', () => {
  const events = eventsOf([...steps(3, 1, -1n), ...steps(500, 1, 1n), ...steps(500, 1, -1n, refused)]);
  const window = detectAlerts([], new Map(), events).windows.get('a-1')!;
  expect(window.outgoing.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect([window.incoming.length, window.refused.length]).toEqual([WINDOW_EVENTS_MAX, WINDOW_EVENTS_MAX]);
  expect([window.incoming.at(-1)?.sequence, window.refused.at(-1)?.sequence]).toEqual([503, 1_003]);
});
