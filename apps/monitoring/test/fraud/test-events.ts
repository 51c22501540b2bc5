import type { AccountEvent } from '../../src/consumer';
import { detectAlerts } from '../../src/fraud/detect-alerts';
import { type ActiveRule, type Finding, type Rule } from '../../src/fraud/rule';
import { advance, EMPTY_WINDOW, kindOf, toWatchedEvent, type FraudWindow } from '../../src/fraud/window';

const BEGIN_MS = Date.parse('2026-01-31T12:00:00.000Z');

/** One event of a scenario: its second, and its amount in minor units, negative if outgoing. */
export type Step = [second: number, amount: bigint, fields?: Partial<AccountEvent>];

/** The events of one account, numbered from 1. */
export const eventsOf = (steps: readonly Step[], accountId = 'a-1'): AccountEvent[] =>
  steps.map(([second, amount, fields], index) => ({
    accountId,
    sequence: index + 1,
    transactionId: `${accountId}-t${index + 1}`,
    type: 'transfer',
    status: 'completed',
    reason: '',
    amount,
    currency: 'USD',
    at: new Date(BEGIN_MS + Math.round(second * 1_000)),
    orderId: null,
    withdrawalId: null,
    isFirst: true,
    ...fields,
  }));

/** `count` steps, `gap` seconds apart. */
export const steps = (count: number, gap: number, amount: bigint, fields: Partial<AccountEvent> = {}): Step[] =>
  Array.from({ length: count }, (_, index) => [index * gap, amount, fields]);

export const refused: Partial<AccountEvent> = { status: 'failed', reason: 'INSUFFICIENT_FUNDS' };

/** The rule with the given settings, and its defaults for the rest. */
export const active = (rule: Rule, settings: Record<string, unknown> = {}): ActiveRule => ({
  rule,
  settings: rule.settings.parse(settings),
});

/** @returns the window that ends at the last of `events` */
const windowOf = (events: readonly AccountEvent[]): FraudWindow =>
  events.reduce((window, event) => {
    const kind = kindOf(event);
    return kind ? advance(window, kind, toWatchedEvent(event)) : window;
  }, EMPTY_WINDOW);

/** @returns the sequences at which a rule raises alerts */
export const sequencesOfAlerts = (rule: ActiveRule, events: readonly AccountEvent[]): number[] =>
  detectAlerts([rule], new Map(), events).alerts.map(({ raisedBy }) => raisedBy.sequence);

/** @returns the finding of a rule at the last event, even if it also found something at earlier events */
export function findingAt({ rule, settings }: ActiveRule, events: readonly AccountEvent[]): Finding | undefined {
  const window = windowOf(events);
  const current = window[rule.trigger].at(-1);
  return current && current.sequence === events.at(-1)!.sequence ? rule.detect(window, current, settings) : undefined;
}
