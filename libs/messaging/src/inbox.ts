import { ASCII, overwrite, TABLE, type Queryable, type Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import { randomInt } from 'node:crypto';

/** Part of the schema of every consumer that must apply each job exactly once. */
export const INBOX_TABLE = `
  CREATE TABLE IF NOT EXISTS inbox (
    message_id VARCHAR(100) NOT NULL PRIMARY KEY,
    claim_id BIGINT NOT NULL COMMENT 'tells the rows of one transaction from those that were there',
    fingerprint VARCHAR(64) ${ASCII} NULL COMMENT 'of the request body, where a client named the job by a key',
    answer JSON NULL COMMENT 'a refusal; NULL means that the job was done',
    actor VARCHAR(100) NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY by_age (created_at)
  ) ${TABLE}`;

interface InboxEntry {
  messageId: string;
  fingerprint: string | undefined;
  actor: string;
}

/** A job that was applied before. */
export interface InboxRecord {
  messageId: string;
  fingerprint: string | undefined;
  answer: unknown;
  ageMs: number;
}

interface InboxRow {
  message_id: string;
  claim_id: number;
  fingerprint: string | null;
  answer: unknown;
  age_ms: number;
}

/**
 * Claims jobs for this transaction, before it applies them. Waits for a job that another transaction has claimed; ids are
 * claimed in sorted order to prevent deadlocks.
 * @returns the jobs that were applied before, by id
 */
export async function claimInbox(tx: Queryable, entries: readonly InboxEntry[]): Promise<Map<string, InboxRecord>> {
  const claimId = randomInt(2 ** 47);
  const sorted = [...entries].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const values = sorted.map(({ messageId, fingerprint, actor }) => [messageId, claimId, fingerprint ?? null, actor]);
  const inserted = await tx.write('INSERT IGNORE INTO inbox (message_id, claim_id, fingerprint, actor) VALUES ?', [
    values,
  ]);
  if (inserted === entries.length) return new Map();
  const rows = await tx.rows<InboxRow>(
    `SELECT message_id, claim_id, fingerprint, answer, TIMESTAMPDIFF(MICROSECOND, created_at, NOW(3)) / 1000 AS age_ms
       FROM inbox WHERE message_id IN (?) AND claim_id <> ?`,
    [sorted.map((entry) => entry.messageId), claimId],
  );
  return new Map(rows.map((row) => [row.message_id, toRecord(row)]));
}

function toRecord(row: InboxRow): InboxRecord {
  // MariaDB returns JSON as text, MySQL returns it parsed.
  const answer: unknown = typeof row.answer === 'string' ? JSON.parse(row.answer) : row.answer;
  return { messageId: row.message_id, fingerprint: row.fingerprint ?? undefined, answer, ageMs: Number(row.age_ms) };
}

const STATEMENT_BYTES_MAX = 1_000_000;

/** Stores the replies to claimed jobs, to be replayed to repeated requests. */
export function recordAnswers(tx: Transaction, answers: readonly { messageId: string; answer: unknown }[]): void {
  const rows = answers.map(({ messageId, answer }) => [messageId, 0, '', JSON.stringify(answer)] as const);
  // The jobs' rows exist, so the statement only updates them.
  for (const chunk of chunksOf(rows, STATEMENT_BYTES_MAX, ([, , , answer]) => answer.length))
    tx.deferUpsert('inbox (message_id, claim_id, actor, answer)', chunk, overwrite('answer'));
}
