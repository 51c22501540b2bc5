import { createMessage, fraudAlertMessage, fraudExchange, type Alert, type TransactionType } from '@souk/contracts';
import type { Transaction } from '@souk/database';
import { outgoing, writeOutbox } from '@souk/messaging';
import { formatAmount } from '@souk/money';
import type { AccountEvent, Consumer } from '../consumer';
import { claimUnpublished, insertAlerts } from './alert-store';
import { detectAlerts, type DetectedAlert, type FraudWindows } from './detect-alerts';
import type { ActiveRule } from './rule';
import { kindOf, type FraudWindow } from './window';
import { createWindowCache } from './window-cache';
import { readWindows, writeWindows } from './window-store';

const NAME = 'fraud-detection';

/** Applies the rules to the events of each account, stores the alerts they raise, and publishes each alert once. */
export function createFraudDetection({ rules }: { rules: readonly ActiveRule[] }): Consumer {
  const cache = createWindowCache();
  return {
    name: NAME,
    apply: async (tx, events, generation) => {
      const spans = spansOf(events);
      const cachedAt = (accountId: string, sequence: number) => cache.get({ accountId, sequence, generation });
      const windowsBefore = await loadWindows(tx, events, spans, cachedAt);
      const { alerts, windows } = detectAlerts(rules, windowsBefore, events);
      writeWindows(tx, windowsBefore, windows);
      for (const [accountId, window] of windows)
        cache.set({ accountId, sequence: spans.get(accountId)!.last, generation }, window);
      if (alerts.length === 0) return [];
      const stored = alerts.map((detected) => ({
        alert: presentAlert(detected),
        sequence: detected.raisedBy.sequence,
      }));
      insertAlerts(tx, stored);
      const ids = stored.map(({ alert }) => alert.id);
      const unpublished = await claimUnpublished(tx, ids);
      const newAlerts = stored.filter(({ alert }) => unpublished.has(alert.id));
      return writeOutbox(
        tx,
        newAlerts.map(({ alert }) => outgoing(fraudExchange, messageOf(alert))),
      );
    },
    forget: async (tx) => {
      await tx.write('DELETE FROM fraud_event');
      await tx.write('DELETE FROM alert');
    },
  };
}

/** The first and the last sequence of an account's events in a batch. */
type Spans = Map<string, { first: number; last: number }>;

function spansOf(events: readonly AccountEvent[]): Spans {
  const spans: Spans = new Map();
  for (const { accountId, sequence } of events)
    spans.set(accountId, { first: spans.get(accountId)?.first ?? sequence, last: sequence });
  return spans;
}

/** @returns the cached windows, and those of the other accounts with events that rules use */
async function loadWindows(
  tx: Transaction,
  events: readonly AccountEvent[],
  spans: Spans,
  cachedAt: (accountId: string, sequence: number) => FraudWindow | undefined,
): Promise<FraudWindows> {
  const windows = new Map<string, FraudWindow>();
  for (const [accountId, { first }] of spans) {
    const window = cachedAt(accountId, first - 1);
    if (window) windows.set(accountId, window);
  }
  const missingIds = new Set<string>();
  for (const event of events) if (!windows.has(event.accountId) && kindOf(event)) missingIds.add(event.accountId);
  if (missingIds.size === 0) return windows;
  const read = await readWindows(tx, [...missingIds].sort());
  return new Map([...windows, ...read]);
}

/** An alert as clients and subscribers see it. */
const presentAlert = ({ id, accountId, rule, reason, evidence, raisedBy }: DetectedAlert): Alert => ({
  id,
  account_id: accountId,
  rule,
  reason,
  created_at: new Date(raisedBy.atMs).toISOString(),
  events: evidence.map(({ transactionId, sequence, type, amount, currency, atMs }) => ({
    transaction_id: transactionId,
    sequence,
    type: type as TransactionType,
    amount: formatAmount(amount),
    currency,
    timestamp: new Date(atMs).toISOString(),
  })),
});

function messageOf(alert: Alert) {
  const cause = alert.events.at(-1)!.transaction_id;
  return createMessage(fraudAlertMessage, alert, {
    id: alert.id,
    actor: NAME,
    correlationId: cause,
    causationId: cause,
  });
}
