import { machineKeys } from '@souk/contracts';
import { createDurableRedis } from '@souk/redis';
import { AppError, unavailable, type Logger } from '@souk/service';
import { ReplyError, type Result } from 'ioredis';
import type { Change } from '../machine/decide-batch';
import type { JournalEntry, StoredOutcome, MachineState } from '../machine/machine-state';
import type { MachineStore } from './machine-store';

interface RedisStoreOptions {
  logger: Logger;
  url: string;
  /** Prefix of every key, so that several shops can share one Redis. */
  keyPrefix?: string;
  /** The timeout of each command; after it, the outcome is unknown. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
const STORE = 'the store of the machine';

/**
 * Compares the version and writes everything atomically. The journal is a stream whose ids are the sequences, so Redis itself
 * refuses an entry whose number isn't higher than the last.
 *
 * KEYS: state, journal, outcomes. ARGV: expected version, new version, state, number of entries; then each entry's sequence and
 * text; then each outcome's text and lifetime in milliseconds, both empty to delete it.
 */
const WRITE = `
  local version = redis.call('HGET', KEYS[1], 'version') or '0'
  if version ~= ARGV[1] then return 0 end
  local index = 5
  for _ = 1, tonumber(ARGV[4]) do
    redis.call('XADD', KEYS[2], ARGV[index] .. '-0', 'entry', ARGV[index + 1])
    index = index + 2
  end
  for i = 3, #KEYS do
    if ARGV[index] == '' then redis.call('DEL', KEYS[i]) else redis.call('SET', KEYS[i], ARGV[index], 'PX', ARGV[index + 1]) end
    index = index + 2
  end
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'state', ARGV[3])
  return 1`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    writeMachine(keyCount: number, ...keysAndArguments: (string | number)[]): Result<number, Context>;
  }
}

/**
 * Stores machines in a Redis that any number of processes can share. That Redis writes each command to disk before it replies
 * (`appendfsync always`).
 */
export function createRedisStore({
  logger,
  url,
  keyPrefix = '',
  timeoutMs = TIMEOUT_MS,
}: RedisStoreOptions): MachineStore {
  const scripts = { writeMachine: { lua: WRITE } };
  const durable = createDurableRedis(STORE, { url, keyPrefix, timeoutMs, logger, scripts });
  const { redis } = durable;

  return {
    read: async (machineId, outcomeIds) => {
      const keys = machineKeys(machineId);
      const ids = outcomeIds.filter((id) => id !== '');
      // Both commands use one connection and run in this order. An outcome stored in between has also raised the state's version,
      // so our write conflicts.
      const stateReply = redis.hget(keys.state, 'state');
      const outcomesReply = ids.length > 0 ? redis.mget(ids.map(keys.outcome)) : Promise.resolve([]);
      const [state, outcomes] = await Promise.all([stateReply, outcomesReply]).catch(throwNothingDone);
      const entries = ids.flatMap((id, index) => {
        const text = outcomes[index];
        return typeof text === 'string' ? [[id, JSON.parse(text) as StoredOutcome] as const] : [];
      });
      return { state: state === null ? undefined : (JSON.parse(state) as MachineState), outcomes: new Map(entries) };
    },
    write: async (machineId, change) => {
      await durable.requireDurable();
      const reply = await redis.writeMachine(...scriptArguments(machineId, change)).catch(throwWriteError);
      return reply === 1 ? 'written' : 'conflict';
    },
    readJournal: async (machineId, { before, limit }) => {
      const newest = before === Infinity ? '+' : `(${before}-0`;
      const rows = await redis
        .xrevrange(machineKeys(machineId).journal, newest, '-', 'COUNT', limit)
        .catch(throwNothingDone);
      return rows.map(([, [, text]]) => JSON.parse(text!) as JournalEntry);
    },
    open: () => Promise.resolve(),
    ping: durable.ping,
    close: durable.close,
  };
}

function scriptArguments(machineId: string, { expectedVersion, state, entries, outcomes }: Change) {
  const keys = machineKeys(machineId);
  const outcomeEntries = [...outcomes].map(([id, outcome]) => {
    if (!outcome) return { key: keys.outcome(id), values: ['', ''] };
    return {
      key: keys.outcome(id),
      values: [JSON.stringify(outcome), String(Math.max(1, outcome.expiresAtMs - Date.now()))],
    };
  });
  return [
    2 + outcomeEntries.length,
    keys.state,
    keys.journal,
    ...outcomeEntries.map(({ key }) => key),
    String(expectedVersion),
    String(state.version),
    JSON.stringify(state),
    String(entries.length),
    ...entries.flatMap((entry) => [String(entry.sequence), JSON.stringify(entry)]),
    ...outcomeEntries.flatMap(({ values }) => values),
  ] as [number, ...string[]];
}

/** For commands that only read, that Redis refused, or that were never sent. */
function throwNothingDone(error: unknown): never {
  throw unavailable(STORE, error);
}

const NEVER_SENT = /isn't writeable/;

/** A script that fails halfway keeps its earlier writes, but ours runs no command that can fail after its first write. */
function throwWriteError(error: unknown): never {
  if (error instanceof ReplyError || (error instanceof Error && NEVER_SENT.test(error.message)))
    return throwNothingDone(error);
  throw new AppError('timeout', 'TIMEOUT', "The machine's store did not answer; the outcome is unknown", {
    cause: error,
  });
}
