import type { Database } from '@souk/database';
import { runEvery, unavailable, type Logger } from '@souk/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiKey } from './api-key';
import { readChangedKeys, recordKeyUse } from './key-store';

/** A revoked key must be refused everywhere within 5 s. */
const POLL_MS = 2_000;
/** The shortest time between two reads that unknown ids cause. */
const UNKNOWN_PAUSE_MS = 250;
/** The use of a key is recorded this often. */
const USE_RECORDED_MS = 60_000;

/** All API keys in memory, so that no request waits for the database. */
export interface KeyRing {
  /**
   * @returns the key, even if it is revoked; if there is none, after asking the database once more
   * @throws AppError `unavailable` if the keys were never read, or too long ago
   */
  find(id: string): ApiKey | undefined | Promise<ApiKey | undefined>;
  /** Records later that the key was used. */
  noteUse(key: ApiKey): void;
  /** Reads changes and records uses until `stop`. */
  start(): void;
  stop(): Promise<void>;
}

interface KeyRingOptions {
  /** How long keys stay valid while the database can't be read. */
  staleMs: number;
  logger: Logger;
  /** Never goes back, unlike the time of day. */
  nowMs?: () => number;
}

/** @param db the schema `access`; closed by the caller */
export function createKeyRing(
  db: Database,
  { staleMs, logger, nowMs = () => performance.now() }: KeyRingOptions,
): KeyRing {
  const keys = createKeyList(db, nowMs);
  const ask = shareReads(keys.read, nowMs);
  const uses = createUseRecorder(db);
  const requireFresh = () => {
    if (nowMs() - keys.readAtMs() > staleMs) throw unavailable('The list of API keys');
  };
  const findUnknown = async (id: string) => {
    await ask();
    requireFresh();
    return keys.get(id);
  };

  let loops: ReturnType<typeof runEvery>[] = [];
  return {
    find: (id) => {
      const key = keys.get(id);
      if (!key) return findUnknown(id);
      requireFresh();
      return key;
    },
    noteUse: uses.note,
    start: () => {
      void keys.read().catch(() => undefined);
      // Two loops, so that recording uses never delays a revocation.
      loops = [
        runEvery(POLL_MS, 'reading the API keys', logger, keys.read),
        runEvery(USE_RECORDED_MS, 'recording the use of API keys', logger, uses.flush),
      ];
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await uses.flush().catch(() => undefined);
    },
  };
}

/** The keys as they were read last. */
function createKeyList(db: Database, nowMs: () => number) {
  let keys = new Map<string, ApiKey>();
  let revision = 0;
  let readAtMs = -Infinity;
  const read = async (): Promise<void> => {
    const startedAtMs = nowMs();
    const since = revision;
    const { latest, changed } = await readChangedKeys(db, since);
    // A schema that was restored from a backup may lack keys that are known here.
    const isRestored = latest < since;
    const current = isRestored ? (await readChangedKeys(db, 0)).changed : changed;
    if (isRestored) {
      keys = new Map();
      revision = 0;
    }
    for (const key of current) {
      // Another read may have been faster.
      if (key.revision > (keys.get(key.id)?.revision ?? 0)) keys.set(key.id, key);
      revision = Math.max(revision, key.revision);
    }
    readAtMs = Math.max(readAtMs, startedAtMs);
  };
  return { read, get: (id: string) => keys.get(id), readAtMs: () => readAtMs };
}

/** Spaces reads of the keys. Callers that wait for the same read share it. A read that fails resolves too. */
function shareReads(read: () => Promise<void>, nowMs: () => number): () => Promise<void> {
  let lastAtMs = -Infinity;
  let next: Promise<void> | undefined;
  const readNext = async () => {
    await delay(Math.max(0, lastAtMs + UNKNOWN_PAUSE_MS - nowMs()));
    // A later caller needs a later read, because its key may be newer than this one.
    next = undefined;
    lastAtMs = nowMs();
    await read().catch(() => undefined);
  };
  return () => (next ??= readNext());
}

function createUseRecorder(db: Database) {
  const used = new Set<string>();
  return {
    note: ({ id }: ApiKey) => void used.add(id),
    flush: async () => {
      const ids = [...used]; // a busy key is added again during the writes
      used.clear();
      for (const id of ids) await recordKeyUse(db, id);
    },
  };
}
