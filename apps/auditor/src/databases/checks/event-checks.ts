import type { Check } from '../check';
import { entriesOf } from './ledger-json';

const walks = { schema: 'wallet', table: 'event', key: 'position' } as const;

/** Promises about every event: its payload agrees with the tables, so consumers need only the event. */
export const eventChecks: Check[] = [
  {
    name: 'event-tells-its-transaction',
    promise: 'an event has the id, type, status and reason of an existing transaction',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT e.id, e.transaction_id, t.type, t.status, t.reason, JSON_VALUE(e.payload, '$.transaction_id') AS payload_id,
             JSON_VALUE(e.payload, '$.type') AS payload_type, JSON_VALUE(e.payload, '$.status') AS payload_status,
             JSON_VALUE(e.payload, '$.reason') AS payload_reason
        FROM ${wallet}.event e
        LEFT JOIN ${wallet}.transaction t ON t.id = e.transaction_id
       WHERE e.position BETWEEN :first AND :last
         AND NOT (JSON_VALUE(e.payload, '$.transaction_id') <=> t.id AND JSON_VALUE(e.payload, '$.type') <=> t.type
              AND JSON_VALUE(e.payload, '$.status') <=> t.status AND JSON_VALUE(e.payload, '$.reason') <=> t.reason)`,
  },
  {
    name: 'event-tells-its-postings',
    promise: "the entries of an event are exactly its transaction's postings to users' wallets",
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT listed.id, listed.transaction_id, listed.entries, posted.postings
        FROM (SELECT e.id, e.transaction_id,
                     GROUP_CONCAT(x.account_id, ' ', x.sequence, ' ', CAST(x.amount * 100 AS DECIMAL(38, 0)), ' ', x.currency
                       ORDER BY x.account_id, x.sequence SEPARATOR ', ') AS entries
                FROM ${wallet}.event e
                JOIN ${wallet}.transaction t ON t.id = e.transaction_id AND t.status = 'completed'
                LEFT JOIN ${entriesOf('$.entries[*]')} x ON TRUE
               WHERE e.position BETWEEN :first AND :last
               GROUP BY e.id, e.transaction_id) listed
        LEFT JOIN
             (SELECT e.id,
                     GROUP_CONCAT(w.account_id, ' ', p.sequence, ' ', p.amount, ' ', p.currency
                       ORDER BY w.account_id, p.sequence SEPARATOR ', ') AS postings
                FROM ${wallet}.event e
                JOIN ${wallet}.posting p ON p.transaction_id = e.transaction_id
                JOIN ${wallet}.wallet w ON w.id = p.wallet_id
                JOIN ${wallet}.account a ON a.id = w.account_id AND a.role <> 'system'
               WHERE e.position BETWEEN :first AND :last
               GROUP BY e.id) posted ON posted.id = listed.id
       WHERE NOT (listed.entries <=> posted.postings)`,
  },
  {
    name: 'event-is-filed',
    promise: 'every entry of an event is indexed by its account and sequence',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT e.id, e.transaction_id, x.account_id, x.sequence, n.event_id AS indexed_event
        FROM ${wallet}.event e
        JOIN ${entriesOf('$.entries[*]')} x ON TRUE
        LEFT JOIN ${wallet}.event_entry n ON n.account_id = x.account_id AND n.sequence = x.sequence
       WHERE e.position BETWEEN :first AND :last AND NOT (n.event_id <=> e.id)`,
  },
  {
    name: 'filed-events-exist',
    promise: 'the event indexed by an account and a sequence has an entry with them',
    reads: ['wallet'],
    walks: { schema: 'wallet', table: 'event_entry', key: 'account_id' },
    broken: ({ wallet }) => `
      SELECT n.event_id AS id, n.account_id, n.sequence, e.id IS NOT NULL AS has_event
        FROM ${wallet}.event_entry n
        LEFT JOIN ${wallet}.event e ON e.id = n.event_id
       WHERE n.account_id BETWEEN :first AND :last
         AND NOT COALESCE(JSON_CONTAINS(e.payload,
               JSON_OBJECT('account_id', n.account_id, 'sequence', n.sequence), '$.entries'), FALSE)`,
  },
];
