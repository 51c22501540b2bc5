import { uuidNamedBy } from '@souk/service';
import type { AccountEvent } from '../consumer';
import { findingToRaise, type ActiveRule, type Finding } from './rule';
import { advance, EMPTY_WINDOW, kindOf, toWatchedEvent, type FraudWindow, type WatchedEvent } from './window';

/** A finding that raises an alert. */
export interface DetectedAlert extends Finding {
  id: string;
  accountId: string;
  rule: string;
  /** The last event of the evidence. */
  raisedBy: WatchedEvent;
}

/** The windows of accounts, by account id. An account without events has none. */
export type FraudWindows = ReadonlyMap<string, FraudWindow>;

/**
 * Decides which alerts events raise. Pure, and independent of how the events are batched.
 * @param windows the windows of all accounts in `events`, as they were before these events
 * @returns the alerts, in order of the events, and the updated windows
 */
export function detectAlerts(
  rules: readonly ActiveRule[],
  windows: FraudWindows,
  events: readonly AccountEvent[],
): { alerts: DetectedAlert[]; windows: FraudWindows } {
  const updatedWindows = new Map(windows);
  const alerts: DetectedAlert[] = [];
  for (const event of events) {
    const kind = kindOf(event);
    if (!kind) continue;
    const watchedEvent = toWatchedEvent(event);
    const window = advance(updatedWindows.get(event.accountId) ?? EMPTY_WINDOW, kind, watchedEvent);
    updatedWindows.set(event.accountId, window);
    for (const active of rules) {
      if (active.rule.trigger !== kind) continue;
      const finding = findingToRaise(active, window);
      if (finding) alerts.push(alertOf(active.rule.name, event.accountId, watchedEvent, finding));
    }
  }
  return { alerts, windows: updatedWindows };
}

const alertOf = (rule: string, accountId: string, raisedBy: WatchedEvent, finding: Finding): DetectedAlert => ({
  id: alertId(accountId, raisedBy, rule),
  accountId,
  rule,
  raisedBy,
  ...finding,
});

/** The same event and rule always give the same id, however often events are applied. */
const alertId = (accountId: string, { sequence }: WatchedEvent, rule: string): string =>
  uuidNamedBy(`souk:alert:${accountId}:${sequence}:${rule}`);
