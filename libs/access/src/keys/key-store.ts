import { SCOPES, type Scope } from '@souk/contracts';
import type { Database, Queryable } from '@souk/database';
import { secretDigest } from '@souk/service';
import type { ApiKey } from './api-key';
import { createSecret, formatKeyText } from './key-text';

/** How to create or change a key. */
export interface KeyChange {
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** Absent: it never expires. */
  expiresAt?: Date | undefined;
  /** Refuses to change a key that exists. */
  mustBeNew?: boolean;
  /** Replaces the secret of a key that exists. */
  rotate?: Rotation | undefined;
  /** Who makes the change. */
  actor: string;
}

/** How to replace the secret of a key. */
export interface Rotation {
  /**
   * How long the previous secret stays valid; 0 ends all earlier secrets at once. If the secret from before an earlier rotation is
   * still valid, that one is kept instead, and only the newest one is replaced: a client that repeats a rotation because it lost the
   * answer has never seen the newest one.
   */
  overlapMs: number;
}

export type KeyResult =
  | {
      ok: true;
      key: ApiKey;
      /** The text of the key; only if its secret is new */
      text?: string;
    }
  | { ok: false; code: 'KEY_REVOKED' | 'KEY_EXISTS' | 'KEY_NOT_FOUND' };

/** Reads and changes the keys of the schema `access`. */
export interface KeyStore {
  /** Creates a key, or changes the name, scopes and expiry of one that exists. The secret of a new key is returned only here. */
  put(change: KeyChange): Promise<KeyResult>;
  /** Replaces only the secret of a key. */
  rotate(id: string, rotation: Rotation): Promise<KeyResult>;
  /** Revokes a key for good. Has no further effect on one that is revoked. @returns `undefined` if there is none */
  revoke(id: string): Promise<ApiKey | undefined>;
  find(id: string): Promise<ApiKey | undefined>;
  /** All keys by id, revoked ones included. */
  list(page: { after?: string | undefined; limit: number }): Promise<ApiKey[]>;
}

export function createKeyStore(db: Database): KeyStore {
  return {
    put: (change) =>
      db.transaction(async (tx): Promise<KeyResult> => {
        const { id, mustBeNew, rotate } = change;
        const revision = await nextRevision(tx);
        const current = await findKey(tx, id, ' FOR UPDATE');
        if (current?.revokedAt) return { ok: false, code: 'KEY_REVOKED' };
        if (current && mustBeNew) return { ok: false, code: 'KEY_EXISTS' };
        if (!current) return resultOf(tx, id, await insertKey(tx, change, revision));
        const { name, scopes, expiresAt } = change;
        await tx.write('UPDATE api_key SET name = ?, scopes = ?, expires_at = ?, revision = ? WHERE id = ?', [
          ...[name, scopes.join(' '), expiresAt ?? null, revision],
          id,
        ]);
        return resultOf(tx, id, rotate && (await replaceSecret(tx, id, rotate)));
      }),

    rotate: (id, rotation) =>
      db.transaction(async (tx): Promise<KeyResult> => {
        const revision = await nextRevision(tx);
        const current = await findKey(tx, id, ' FOR UPDATE');
        if (!current) return { ok: false, code: 'KEY_NOT_FOUND' };
        if (current.revokedAt) return { ok: false, code: 'KEY_REVOKED' };
        await tx.write('UPDATE api_key SET revision = ? WHERE id = ?', [revision, id]);
        return resultOf(tx, id, await replaceSecret(tx, id, rotation));
      }),

    revoke: (id) =>
      db.transaction(async (tx) => {
        const revision = await nextRevision(tx);
        await tx.write(
          'UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3), revision = ? WHERE id = ? AND revoked_at IS NULL',
          [revision, id],
        );
        return findKey(tx, id);
      }),

    find: (id) => findKey(db, id),

    list: async ({ after = '', limit }) =>
      (await db.rows<KeyRow>(`SELECT ${COLUMNS} FROM api_key WHERE id > ? ORDER BY id LIMIT ?`, [after, limit])).map(
        toKey,
      ),
  };
}

const findKey = async (from: Pick<Queryable, 'rows'>, id: string, lock = ''): Promise<ApiKey | undefined> =>
  (await from.rows<KeyRow>(`SELECT ${COLUMNS} FROM api_key WHERE id = ?${lock}`, [id])).map(toKey)[0];

/** @returns the secret of the new key */
async function insertKey(tx: Queryable, change: KeyChange, revision: number): Promise<string> {
  const { id, name, scopes, expiresAt, actor } = change;
  const secret = createSecret();
  await tx.write(
    `INSERT INTO api_key (id, name, scopes, expires_at, revision, digest, created_at, created_by)
       VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?)`,
    [id, name, scopes.join(' '), expiresAt ?? null, revision, secretDigest(secret), actor],
  );
  return secret;
}

/** @returns the new secret */
async function replaceSecret(tx: Queryable, id: string, { overlapMs }: Rotation): Promise<string> {
  const secret = createSecret();
  // MySQL assigns from left to right, so the previous digest is read before it is replaced.
  const keepsOlder = overlapMs > 0 ? 'previous_expires_at > UTC_TIMESTAMP(3)' : 'FALSE';
  await tx.write(
    `UPDATE api_key SET
       previous_digest = IF(${keepsOlder}, previous_digest, digest),
       previous_expires_at = IF(${keepsOlder}, previous_expires_at, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND),
       digest = ?
     WHERE id = ?`,
    [overlapMs * 1_000, secretDigest(secret), id],
  );
  return secret;
}

/** The result of a change, with the text of the key if its secret is new. */
async function resultOf(tx: Queryable, id: string, secret: string | undefined): Promise<KeyResult> {
  const key = (await findKey(tx, id))!;
  return { ok: true, key, ...(secret !== undefined && { text: formatKeyText({ id, secret }) }) };
}

/** @returns the latest revision, and the keys that have changed since a revision */
export async function readChangedKeys(db: Database, revision: number): Promise<{ latest: number; changed: ApiKey[] }> {
  const [row] = await db.rows<{ value: number }>('SELECT value FROM key_revision WHERE id = 1');
  const rows = await db.rows<KeyRow>(`SELECT ${COLUMNS} FROM api_key WHERE revision > ? ORDER BY revision`, [revision]);
  return { latest: Number(row?.value ?? 0), changed: rows.map(toKey) };
}

/** Records that a key was used just now. Needs only the right to execute the schema's procedures. */
export const recordKeyUse = async (db: Database, id: string): Promise<void> => {
  await db.write('CALL record_key_use(?)', [id]);
};

async function nextRevision(tx: Queryable): Promise<number> {
  await tx.write('UPDATE key_revision SET value = value + 1 WHERE id = 1');
  const [row] = await tx.rows<{ value: number }>('SELECT value FROM key_revision WHERE id = 1');
  return Number(row!.value);
}

const COLUMNS = `id, name, scopes, digest, previous_digest, previous_expires_at, created_at, created_by, expires_at,
  revoked_at, last_used_at, revision`;

interface KeyRow {
  id: string;
  name: string;
  scopes: string;
  digest: Buffer;
  previous_digest: Buffer | null;
  previous_expires_at: Date | null;
  created_at: Date;
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  revision: number;
}

const toKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  // A later release may have stored scopes that this one doesn't know.
  scopes: SCOPES.filter((scope) => row.scopes.split(' ').includes(scope)),
  createdAt: row.created_at,
  createdBy: row.created_by,
  ...(row.expires_at && { expiresAt: row.expires_at }),
  ...(row.revoked_at && { revokedAt: row.revoked_at }),
  ...(row.last_used_at && { lastUsedAt: row.last_used_at }),
  secrets: [
    { digest: row.digest },
    ...(row.previous_digest && row.previous_expires_at
      ? [{ digest: row.previous_digest, expiresAt: row.previous_expires_at }]
      : []),
  ],
  revision: Number(row.revision),
});
