import { overwrite, type Queryable, type Transaction } from '@souk/database';
import { randomInt } from 'node:crypto';
import { decodeOutcome, encodeOutcome } from './outcome-codec';

/** One use of an `Idempotency-Key`. */
export interface IdempotencyKey {
  /** Identifies the operation, its party and the key. */
  id: string;
  /** Ids under which a replica of an earlier release has stored it, or may be storing it now. Other keys may share them. */
  earlierIds: readonly string[];
  /** A hash of the request's body. */
  fingerprint: string;
}

/** A key that a batch claims. */
export interface Claim extends IdempotencyKey {
  actor: string;
}

/** A key that was used before this transaction. */
export interface UsedKey {
  fingerprint: string;
  outcome: unknown;
  ageMs: number;
}

interface ClaimedKeys {
  /** Keys that were used before, by the id of the claim. */
  usedKeys: ReadonlyMap<string, UsedKey>;
  /** Ids of the rows that this transaction inserted for each of the other claims and must complete with `storeOutcomes`. */
  insertedIds: ReadonlyMap<string, readonly string[]>;
}

interface NewRow {
  id: string;
  claim: Claim;
}

interface StoredKey {
  id: string;
  fingerprint: string;
  outcome: string;
  scope_id: string | null;
  created_at: Date;
  age_ms: number | string;
}

/**
 * Claims keys for this transaction, before any other statement. Ids are claimed in sorted order, so two transactions never wait
 * for each other. If another transaction holds a key, the claim waits for it.
 *
 * A claim also inserts its earlier ids, with the id of the claim as `scope_id`. A replica of an earlier release finds the
 * outcome there and has no second effect. A row without `scope_id` under an earlier id was written by such a replica and counts
 * for the claim; a row with a `scope_id` counts only for the claim that it names.
 */
export async function claimKeys(tx: Transaction, claims: readonly Claim[]): Promise<ClaimedKeys> {
  const distinctClaims = firstById(claims);
  if (distinctClaims.length === 0) return { usedKeys: new Map(), insertedIds: new Map() };
  const claimId = randomInt(2 ** 47);
  const rows = firstById(
    distinctClaims.flatMap((claim) => [claim.id, ...claim.earlierIds].map((id) => ({ id, claim }))),
  );
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  const inserted = await tx.write(
    'INSERT IGNORE INTO idempotency (id, claim_id, fingerprint, actor, scope_id) VALUES ?',
    [rows.map(({ id, claim }) => [id, claimId, claim.fingerprint, claim.actor, id === claim.id ? null : claim.id])],
  );
  const stored = inserted === rows.length ? new Map<string, StoredKey>() : await readStored(tx, rows, claimId);

  const usedRows = new Map(distinctClaims.flatMap((claim) => usedRowOf(claim, stored)));
  const newRows = rows.filter(({ id }) => !stored.has(id));
  copyStored(
    tx,
    newRows.flatMap(({ id, claim }) => (usedRows.has(claim.id) ? [{ id, stored: usedRows.get(claim.id)! }] : [])),
  );
  const insertedIds = new Map<string, string[]>();
  for (const { id, claim } of newRows) insertedIds.set(claim.id, [...(insertedIds.get(claim.id) ?? []), id]);
  return { usedKeys: new Map([...usedRows].map(([id, row]) => [id, toUsedKey(row)])), insertedIds };
}

function firstById<Item extends { id: string }>(items: readonly Item[]): Item[] {
  const byId = new Map<string, Item>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
  return [...byId.values()];
}

/** @returns the rows that another transaction inserted, by id */
async function readStored(tx: Queryable, rows: readonly NewRow[], claimId: number): Promise<Map<string, StoredKey>> {
  const storedRows = await tx.rows<StoredKey>(
    `SELECT id, fingerprint, outcome, scope_id, created_at,
            TIMESTAMPDIFF(MICROSECOND, created_at, NOW(3)) / 1000 AS age_ms
       FROM idempotency WHERE id IN (?) AND claim_id <> ?`,
    [rows.map(({ id }) => id), claimId],
  );
  return new Map(storedRows.map((row) => [row.id, row]));
}

/** @returns the claim's id with the stored row that counts for it; empty if there is none */
function usedRowOf(claim: Claim, stored: ReadonlyMap<string, StoredKey>): [string, StoredKey][] {
  const earlierRow = claim.earlierIds.flatMap((id) => stored.get(id) ?? []).find((row) => row.scope_id === null);
  const row = stored.get(claim.id) ?? earlierRow;
  return row ? [[claim.id, row]] : [];
}

/** Completes rows inserted for a key that was already stored, so that they are replayed and expire together with it. */
function copyStored(tx: Transaction, copies: readonly { id: string; stored: StoredKey }[]): void {
  if (copies.length === 0) return;
  tx.deferUpsert(
    'idempotency (id, claim_id, fingerprint, actor, outcome, created_at)',
    copies.map(({ id, stored }) => [id, 0, stored.fingerprint, '', stored.outcome, stored.created_at]),
    overwrite('fingerprint', 'outcome', 'created_at'),
  );
}

const toUsedKey = ({ fingerprint, outcome, age_ms }: StoredKey): UsedKey => ({
  fingerprint,
  outcome: decodeOutcome(outcome),
  ageMs: Number(age_ms),
});

/** Stores the outcomes of claimed keys, for replays. */
export function storeOutcomes(
  tx: Transaction,
  outcomes: readonly { claim: Claim; outcome: unknown }[],
  insertedIds: ClaimedKeys['insertedIds'],
): void {
  const rows = outcomes.flatMap(({ claim: { id, fingerprint, actor }, outcome }) => {
    const text = encodeOutcome(outcome);
    return insertedIds.get(id)!.map((insertedId) => [insertedId, 0, fingerprint, actor, text]);
  });
  if (rows.length === 0) return;
  // This transaction inserted all these rows, so the statement only updates them.
  tx.deferUpsert('idempotency (id, claim_id, fingerprint, actor, outcome)', rows, overwrite('outcome'));
}
