import type { Change } from '../machine/decide-batch';
import type { JournalEntry, MachineSnapshot } from '../machine/machine-state';

/**
 * Stores machines. Several processes may share a store; a change that was decided on an outdated state isn't written.
 * All methods may throw AppError `unavailable`: nothing was done.
 */
export interface MachineStore {
  read(machineId: string, outcomeIds: readonly string[]): Promise<MachineSnapshot>;
  /**
   * Writes state, journal and outcomes together if the version is still the expected one. The change is durable once the promise
   * resolves.
   * @throws AppError `timeout` if it is unknown whether the change was written
   */
  write(machineId: string, change: Change): Promise<'written' | 'conflict'>;
  /** @returns entries with sequences below `before`, newest first */
  readJournal(machineId: string, page: { before: number; limit: number }): Promise<JournalEntry[]>;
  /** Prepares the store. @throws Error if another process is using a store that can't be shared */
  open(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
