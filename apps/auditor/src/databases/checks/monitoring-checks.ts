import type { Check, TableWalk } from '../check';

/*
 * Consumers follow the ledger and may lag behind it at any moment, so they are checked only up to their progress. They write
 * their progress together with their results, and a snapshot that sees an event applied also sees that event in the ledger.
 */

const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'] as const;
type ConsumerName = (typeof CONSUMERS)[number];

const progressOf = (consumer: ConsumerName): TableWalk => ({
  ...{ schema: 'monitoring', table: 'progress', key: 'account_id', where: `consumer = '${consumer}'` },
});

const withinTheLedger = (consumer: ConsumerName): Check => ({
  name: `${consumer}-within-the-ledger`,
  promise: `${consumer} has applied only events that the ledger has`,
  reads: ['monitoring', 'wallet'],
  walks: progressOf(consumer),
  broken: ({ monitoring, wallet }) => `
      SELECT p.account_id AS id, p.applied_to, w.sequence
        FROM ${monitoring}.progress p
        LEFT JOIN ${wallet}.wallet w ON w.account_id = p.account_id
       WHERE p.account_id BETWEEN :first AND :last AND p.consumer = '${consumer}'
         AND NOT p.applied_to BETWEEN 0 AND COALESCE(w.sequence, 0)`,
});

/** Promises about the consumers of the wallet's events: their progress, their notifications and the evidence of their alerts. */
export const monitoringChecks: Check[] = [
  ...CONSUMERS.map(withinTheLedger),
  {
    name: 'notified-of-every-event',
    promise: 'an account has exactly one notification for each of its applied events',
    reads: ['monitoring', 'wallet'],
    walks: progressOf('notifications'),
    broken: ({ monitoring }) => `
      SELECT p.account_id AS id, p.applied_to, COUNT(o.sequence) AS notifications, MIN(o.sequence) AS first, MAX(o.sequence) AS last
        FROM ${monitoring}.progress p
        LEFT JOIN ${monitoring}.notification o ON o.account_id = p.account_id
       WHERE p.account_id BETWEEN :first AND :last AND p.consumer = 'notifications'
       GROUP BY p.account_id, p.applied_to
      HAVING COUNT(o.sequence) <> p.applied_to OR COALESCE(MIN(o.sequence), 1) <> 1
          OR COALESCE(MAX(o.sequence), 0) <> p.applied_to`,
  },
  {
    name: 'notification-tells-its-event',
    promise: 'a notification matches an applied event of its account in the ledger',
    reads: ['monitoring', 'wallet'],
    walks: { schema: 'monitoring', table: 'notification', key: 'account_id' },
    broken: ({ monitoring, wallet }) => `
      SELECT o.account_id AS id, o.sequence, o.transaction_id, o.type, o.status, o.reason, e.transaction_id AS ledger_transaction,
             t.type AS ledger_type, t.status AS ledger_status, t.reason AS ledger_reason, p.applied_to
        FROM ${monitoring}.notification o
        LEFT JOIN ${wallet}.event_entry n
          ON n.account_id = CONVERT(o.account_id USING ascii) COLLATE ascii_bin AND n.sequence = o.sequence
        LEFT JOIN ${wallet}.event e ON e.id = n.event_id
        LEFT JOIN ${wallet}.transaction t ON t.id = e.transaction_id
        LEFT JOIN ${monitoring}.progress p ON p.consumer = 'notifications' AND p.account_id = n.account_id
       WHERE o.account_id BETWEEN :first AND :last
         AND NOT (o.transaction_id <=> t.id AND o.type <=> t.type AND o.status <=> t.status AND o.reason <=> t.reason
              AND COALESCE(p.applied_to, 0) >= o.sequence)`,
  },
  {
    name: 'alert-has-its-evidence',
    promise:
      'an alert was raised at an applied event, and its evidence consists of events of its account up to that one',
    reads: ['monitoring', 'wallet'],
    walks: { schema: 'monitoring', table: 'alert', key: 'id' },
    broken: ({ monitoring, wallet }) => `
      SELECT a.id, a.account_id, a.rule, a.sequence, p.applied_to, x.sequence AS evidence, x.transaction_id,
             e.transaction_id AS ledger_transaction
        FROM ${monitoring}.alert a
        LEFT JOIN JSON_TABLE(a.events, '$[*]' COLUMNS (
               sequence BIGINT PATH '$.sequence',
               transaction_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin PATH '$.transaction_id')) x ON TRUE
        LEFT JOIN ${wallet}.event_entry n ON n.account_id = a.account_id AND n.sequence = x.sequence
        LEFT JOIN ${wallet}.event e ON e.id = n.event_id
        LEFT JOIN ${monitoring}.progress p ON p.consumer = 'fraud-detection' AND p.account_id = a.account_id
       WHERE a.id BETWEEN :first AND :last
         AND NOT (COALESCE(e.transaction_id = x.transaction_id AND x.sequence <= a.sequence, FALSE)
              AND COALESCE(p.applied_to, 0) >= a.sequence)`,
  },
];
