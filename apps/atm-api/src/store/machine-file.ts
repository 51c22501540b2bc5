import { AppError, unavailable } from '@souk/service';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../machine/decide-batch';
import type { JournalEntry, MachineState } from '../machine/machine-state';
import { removeLeftover, replaceDurably, syncDirectory } from './durable-file';
import { openJournal, type JournalFile } from './journal-file';
import type { ReadMachine } from './machine-store';

const WHAT = 'the store of the machine';
/** Writes between two checks for expired outcomes. */
const PRUNED_EVERY = 1_000;

/** The file of a machine: its state and the valid length of its journal. Replacing it puts a change into effect. */
interface StateFile {
  state: MachineState | null;
  journal: { bytes: number };
}

/** One machine in two files: `<id>.json` and, append-only, `<id>.journal`. */
export interface MachineFile {
  read(outcomeIds: readonly string[]): Promise<ReadMachine>;
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

  /** Whether the last rename is certain to be on disk; nothing is served before. An earlier process's rename may not be. */
  let isDurable = false;
  const makeDurable = async () => {
    if (!isDurable) await syncFolder(folder);
    isDurable = true;
  };

  let writes = 0;
  const write = async (change: Change) => {
    await makeDurable();
    if ((state?.version ?? 0) !== change.expectedVersion) return 'conflict';
    const { bytes, accept } = await journal.append(change);
    ({ isDurable } = await replaceDurably(path, textOf({ state: change.state, journal: { bytes } }), syncFolder));
    accept();
    state = change.state;
    if (++writes % PRUNED_EVERY === 0) prune(journal);
    if (!isDurable) throw new AppError('timeout', 'TIMEOUT', `${WHAT} may not have kept it; the outcome is unknown`);
    return 'written';
  };

  let last: Promise<unknown> = Promise.resolve();
  // One after the other: each write is compared with the state that the previous one wrote.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const working = last.then(work).catch(toAppError);
    last = working.catch(() => undefined);
    return working;
  };
  const settled = async () => {
    if (!isDurable) await inTurn(makeDurable);
  };
  return {
    read: async (outcomeIds) => {
      await settled();
      const known = outcomeIds.flatMap((id) => {
        const kept = journal.outcomes.get(id);
        return kept ? [[id, kept] as const] : [];
      });
      return { state, known: new Map(known) };
    },
    write: (change) => inTurn(() => write(change)),
    readJournal: async (page) => {
      await settled();
      return journal.read(page);
    },
    close: async () => {
      await last;
      await journal.close();
    },
  };
}

async function readOrCreate(path: string, journalPath: string): Promise<StateFile> {
  const text = await readFile(path, 'utf8').catch(absent);
  if (text !== undefined) return JSON.parse(text) as StateFile;
  // The state is created first, so a journal without one isn't the result of a crash: someone removed the state.
  if ((await stat(journalPath).catch(absent)) !== undefined)
    throw new Error(`${journalPath} is there, and ${path}, to which it belongs, is not`);
  const empty: StateFile = { state: null, journal: { bytes: 0 } };
  await replaceDurably(path, textOf(empty));
  return empty;
}

const textOf = (stored: StateFile) => `${JSON.stringify(stored, null, 2)}\n`;

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function prune({ outcomes }: JournalFile): void {
  const nowMs = Date.now();
  for (const [id, { expiresAtMs }] of outcomes) if (expiresAtMs < nowMs) outcomes.delete(id);
}

/** Until the state is replaced, the old one stays in effect, whatever failed: a full disk, for example. */
function toAppError(error: unknown): never {
  throw error instanceof AppError ? error : unavailable(WHAT, error);
}
