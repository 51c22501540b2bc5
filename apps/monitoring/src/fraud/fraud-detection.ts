import { createMessage, fraudAlertMessage, fraudExchange, type Alert, type TransactionType } from '@souk/contracts';
import { outgoing, writeOutbox } from '@souk/messaging';
import { formatAmount } from '@souk/money';
import type { Consumer } from '../consumer';
import { claimUnpublished, insertAlerts } from './alert-store';
import { detectAlerts, type DetectedAlert } from './detect-alerts';
import type { ActiveRule } from './rule';
import { kindOf } from './window';
import { readWindows, writeWindows } from './window-store';

const NAME = 'fraud-detection';

/** Applies the rules to the events of each account, stores the alerts they raise, and publishes each alert once. */
export function createFraudDetection({ rules }: { rules: readonly ActiveRule[] }): Consumer {
  return {
    name: NAME,
    apply: async (tx, events) => {
      const countedEvents = events.filter((event) => kindOf(event));
      if (countedEvents.length === 0) return [];
      const accountIds = [...new Set(countedEvents.map(({ accountId }) => accountId))].sort();
      const windowsBefore = await readWindows(tx, accountIds);
      const { alerts, windows } = detectAlerts(rules, windowsBefore, countedEvents);
      writeWindows(tx, windowsBefore, windows);
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

/** An alert as clients and subscribers see it. */
const presentAlert = ({ id, accountId, rule, reason, evidence, raisedBy }: DetectedAlert): Alert => ({
  id,
  account_id: accountId,
  rule,
  reason,
  created_at: raisedBy.at.toISOString(),
  events: evidence.map(({ transactionId, sequence, type, amount, currency, at }) => ({
    transaction_id: transactionId,
    sequence,
    type: type as TransactionType,
    amount: formatAmount(amount),
    currency,
    timestamp: at.toISOString(),
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
