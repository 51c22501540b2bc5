import type { Queryable } from '@souk/database';
import { digestOf } from '@souk/service';
import { randomInt } from 'node:crypto';
import { decodeOutcome, encodeOutcome } from './outcome-codec';

/** An `Idempotency-Key` as a caller sent it, with what it was sent for. */
export interface IdempotencyKey {
  /** Whose key it is: the verified caller, else the account or wallet that the request acts for. */
  caller: string;
  /** What it was sent to: the operation, and the account or wallet in its path where there is one. */
  route: string;
  key: string;
  /** Of the request's body. */
  fingerprint: string;
}

/** A key on its way through a batch. */
export interface Claim {
  id: string;
  fingerprint: string;
  actor: string;
}

/** A key that was used before this transaction. */
export interface KnownKey {
  fingerprint: string;
  outcome: unknown;
  ageMs: number;
}

export function claimOf({ caller, route, key, fingerprint }: IdempotencyKey, actor: string): Claim {
  return { id: digestOf(caller, route, key).toString('hex'), fingerprint, actor };
}

/**
 * Claims keys for this transaction, before anything else of it. Ids are claimed in sorted order, so two transactions never wait
 * for each other; a key that another transaction holds is waited for.
 * @returns those that were used before, by id
 */
export async function claimKeys(tx: Queryable, claims: readonly Claim[]): Promise<Map<string, KnownKey>> {
  const distinct = [...new Map(claims.map((claim) => [claim.id, claim])).values()];
  if (distinct.length === 0) return new Map();
  const claimId = randomInt(2 ** 47);
  const values = distinct
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, fingerprint, actor }) => [id, claimId, fingerprint, actor]);
  const inserted = await tx.write('INSERT IGNORE INTO idempotency (id, claim_id, fingerprint, actor) VALUES ?', [
    values,
  ]);
  if (inserted === distinct.length) return new Map();
  const rows = await tx.rows<{ id: string; fingerprint: string; outcome: string; age_ms: number | string }>(
    `SELECT id, fingerprint, outcome, TIMESTAMPDIFF(MICROSECOND, created_at, NOW(3)) / 1000 AS age_ms
       FROM idempotency WHERE id IN (?) AND claim_id <> ?`,
    [distinct.map(({ id }) => id), claimId],
  );
  return new Map(
    rows.map(({ id, fingerprint, outcome, age_ms }) => [
      id,
      { fingerprint, outcome: decodeOutcome(outcome), ageMs: Number(age_ms) },
    ]),
  );
}

/** Keeps what claimed keys led to, for the replay. */
export async function keepOutcomes(
  tx: Queryable,
  outcomes: readonly { claim: Claim; outcome: unknown }[],
): Promise<void> {
  if (outcomes.length === 0) return;
  // Their rows exist and are ours: this only ever updates, all of them in one statement.
  await tx.write(
    `INSERT INTO idempotency (id, claim_id, fingerprint, actor, outcome) VALUES ?
       ON DUPLICATE KEY UPDATE outcome = VALUES(outcome)`,
    [
      outcomes.map(({ claim: { id, fingerprint, actor }, outcome }) => [
        id,
        0,
        fingerprint,
        actor,
        encodeOutcome(outcome),
      ]),
    ],
  );
}

/** Rows a statement, so that none holds its locks for long, and statements a turn. */
const PURGE_BATCH = 2_000;
const PURGE_STATEMENTS_MAX = 200;

/** Forgets keys older than `days`, whole ones. @returns how many */
export async function purgeKeys(db: Queryable, days: number): Promise<number> {
  let purged = 0;
  for (let statement = 0; statement < PURGE_STATEMENTS_MAX; statement++) {
    const count = await db.write('DELETE FROM idempotency WHERE created_at < NOW(3) - INTERVAL ? DAY LIMIT ?', [
      days,
      PURGE_BATCH,
    ]);
    purged += count;
    if (count < PURGE_BATCH) break;
  }
  return purged;
}
