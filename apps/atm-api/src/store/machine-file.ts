import { AppError, unavailable } from '@souk/service';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../machine/decide-batch';
import type { JournalEntry, MachineSnapshot, MachineState } from '../machine/machine-state';
import { removeLeftover, replaceDurably, syncDirectory } from './durable-file';
import { openJournal, type JournalFile } from './journal-file';

const STORE = 'the store of the machine';
/** Writes between two deletions of expired outcomes. */
const WRITES_PER_PRUNE = 1_000;

/** The file of a machine: its state and the valid length of its journal. Replacing it puts a change into effect. */
interface StateFile {
  state: MachineState | null;
  journal: { bytes: number };
}

/** One machine in two files: `<id>.json` and, append-only, `<id>.journal`. */
export interface MachineFile {
  read(outcomeIds: readonly string[]): Promise<MachineSnapshot>;
  write(change: Change): Promise<'written' | 'conflict'>;
  readJournal(page: { before: number; limit: number }): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/**
 * @param syncFolder makes the names in the folder durable
 * @throws Error if the two files don't belong together
 */
export async function openMachineFile(
  folder: string,
  machineId: string,
  syncFolder = syncDirectory,
): Promise<MachineFile> {
  const path = join(folder, `${machineId}.json`);
  const journalPath = join(folder, `${machineId}.journal`);
  await removeLeftover(path);
  const stored = await readOrCreate(path, journalPath);
  let state = stored.state ?? undefined;
  const journal = await openJournal(journalPath, stored.journal.bytes);
  prune(journal);

  /** Whether the last rename, perhaps by an earlier process, is certain to be on disk. Until then, nothing is read or written. */
  let isDurable = false;
  const makeDurable = async () => {
    if (!isDurable) await syncFolder(folder);
    isDurable = true;
  };

  let writes = 0;
  const write = async (change: Change) => {
    await makeDurable();
    if ((state?.version ?? 0) !== change.expectedVersion) return 'conflict';
    const { validBytes, accept } = await journal.append(change);
    const text = textOf({ state: change.state, journal: { bytes: validBytes } });
    ({ isDurable } = await replaceDurably(path, text, syncFolder));
    accept();
    state = change.state;
    if (++writes % WRITES_PER_PRUNE === 0) prune(journal);
    if (!isDurable)
      throw new AppError('timeout', 'TIMEOUT', "The machine's store may have lost the change; the outcome is unknown");
    return 'written';
  };

  // Writes run one after another: each is compared with the state that the previous one wrote.
  const queue = createQueue();
  const ensureDurable = async () => {
    if (!isDurable) await queue.run(makeDurable);
  };
  return {
    read: async (outcomeIds) => {
      await ensureDurable();
      const outcomes = outcomeIds.flatMap((id) => {
        const outcome = journal.outcomes.get(id);
        return outcome ? [[id, outcome] as const] : [];
      });
      return { state, outcomes: new Map(outcomes) };
    },
    write: (change) => queue.run(() => write(change)),
    readJournal: async (page) => {
      await ensureDurable();
      return journal.read(page);
    },
    close: async () => {
      await queue.idle();
      await journal.close();
    },
  };
}

/** Runs one task at a time, in order. A failed task doesn't affect those after it. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: <T>(task: () => Promise<T>): Promise<T> => {
      const result = last.then(task).catch(throwAsAppError);
      last = result.catch(() => undefined);
      return result;
    },
    idle: () => last,
  };
}

async function readOrCreate(path: string, journalPath: string): Promise<StateFile> {
  const text = await readFile(path, 'utf8').catch(undefinedIfMissing);
  if (text !== undefined) return JSON.parse(text) as StateFile;
  // The state is created first, so a journal without a state isn't the result of a crash: someone removed the state.
  if ((await stat(journalPath).catch(undefinedIfMissing)) !== undefined)
    throw new Error(`${journalPath} exists, but ${path}, to which it belongs, does not`);
  const empty: StateFile = { state: null, journal: { bytes: 0 } };
  await replaceDurably(path, textOf(empty));
  return empty;
}

const textOf = (stored: StateFile) => `${JSON.stringify(stored, null, 2)}\n`;

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function prune({ outcomes }: JournalFile): void {
  const nowMs = Date.now();
  for (const [id, { expiresAtMs }] of outcomes) if (expiresAtMs < nowMs) outcomes.delete(id);
}

/**
 * If a write fails, because the disk is full for example, nothing was done: the old state stays in effect until it is replaced.
 */
function throwAsAppError(error: unknown): never {
  throw error instanceof AppError ? error : unavailable(STORE, error);
}
