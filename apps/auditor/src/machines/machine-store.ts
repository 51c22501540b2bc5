import { MACHINE_KEYS_PATTERN, machineKeys, machineOfKey, type JournalEntry, type MachineState } from '@souk/contracts';
import { redisAddress } from '@souk/redis';
import { unavailable } from '@souk/service';
import { Redis } from 'ioredis';

/** Maximum number of journal entries per read. */
const PAGE_ENTRIES = 2_000;
const SCANNED_KEYS = 1_000;
const TIMEOUT_MS = 10_000;

/** A record of the journal; `entry` is undefined if it isn't readable or has another sequence. */
export interface JournalRecord {
  sequence: number;
  entry: JournalEntry | undefined;
}

/** Reads the state and the journals of the cash machines. All methods may throw AppError `unavailable`. */
export interface MachineStore {
  /** @returns every machine that has a state or a journal */
  machineIds(): Promise<string[]>;
  /** @returns the state of a machine; undefined if there is none */
  readState(machineId: string): Promise<MachineState | undefined>;
  /** @returns the last sequence of the journal; 0 if there is none */
  readTail(machineId: string): Promise<number>;
  /** Reads entries in order, page by page, starting after a sequence. */
  readJournal(machineId: string, after: number, upTo?: number): AsyncGenerator<JournalRecord[]>;
  close(): Promise<void>;
}

interface MachineStoreOptions {
  url: string;
  /** Prefix of every key. */
  keyPrefix?: string;
}

export function createMachineStore({ url, keyPrefix = '' }: MachineStoreOptions): MachineStore {
  const redis = new Redis(
    ...redisAddress(url, {
      keyPrefix,
      maxRetriesPerRequest: 2,
      connectTimeout: TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      // The ready check uses a command that a read-only user may not run.
      enableReadyCheck: false,
    }),
  );
  redis.on('error', () => undefined); // each call throws the error itself

  return {
    machineIds: async () => {
      const machineIds = new Set<string>();
      let cursor = '0';
      do {
        // The client neither adds the prefix to a pattern nor removes it from the keys found.
        const pattern = `${keyPrefix}${MACHINE_KEYS_PATTERN}`;
        const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCANNED_KEYS).catch(throwUnavailable);
        for (const key of keys) {
          const machineId = machineOfKey(key.slice(keyPrefix.length));
          if (machineId !== undefined) machineIds.add(machineId);
        }
        cursor = next;
      } while (cursor !== '0');
      return [...machineIds].sort();
    },
    readState: async (machineId) => {
      const state = await redis.hget(machineKeys(machineId).state, 'state').catch(throwUnavailable);
      return state === null ? undefined : (JSON.parse(state) as MachineState);
    },
    readTail: async (machineId) => {
      const [last] = await redis
        .xrevrange(machineKeys(machineId).journal, '+', '-', 'COUNT', 1)
        .catch(throwUnavailable);
      return last ? sequenceOf(last[0]) : 0;
    },
    readJournal: async function* (machineId, after, upTo = Infinity) {
      const { journal } = machineKeys(machineId);
      const end = upTo === Infinity ? '+' : `${upTo}-0`;
      for (let last = after; last < upTo;) {
        const rows = await redis.xrange(journal, `(${last}-0`, end, 'COUNT', PAGE_ENTRIES).catch(throwUnavailable);
        if (rows.length === 0) return;
        yield rows.map(([id, [, text]]) => toJournalRecord(sequenceOf(id), text));
        last = sequenceOf(rows.at(-1)![0]);
      }
    },
    close: async () => {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

const sequenceOf = (streamId: string) => Number(streamId.split('-')[0]);

function toJournalRecord(sequence: number, text: string | undefined): JournalRecord {
  try {
    const entry = JSON.parse(text ?? '') as JournalEntry;
    return { sequence, entry: entry.sequence === sequence ? entry : undefined };
  } catch {
    return { sequence, entry: undefined };
  }
}

function throwUnavailable(error: unknown): never {
  throw unavailable('the store of the cash machines', error);
}
