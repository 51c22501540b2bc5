import type { Change } from '../machine/decide-batch';
import type { JournalEntry, KeptOutcome, MachineState } from '../machine/machine-state';

/** What a machine is at one moment, and what is kept of some outcomes. */
export interface ReadMachine {
  /** Absent before anything was written. */
  state: MachineState | undefined;
  /** Those of the asked ids that are kept. Whatever was kept after the state was read came with a newer version. */
  known: ReadonlyMap<string, KeptOutcome>;
}

/**
 * Where machines are kept. Several processes may share a store; what one of them decided on an old state is not written.
 * All throw AppError `unavailable`: nothing was done.
 */
export interface MachineStore {
  read(machineId: string, outcomeIds: readonly string[]): Promise<ReadMachine>;
  /**
   * Writes state, journal and outcomes together, if the version still is the expected one; durable once it is answered.
   * @throws AppError `timeout` when it is unknown whether it was written
   */
  write(machineId: string, change: Change): Promise<'written' | 'conflict'>;
  /** @returns entries, newest first, of sequences below `before` */
  readJournal(machineId: string, page: { before: number; limit: number }): Promise<JournalEntry[]>;
  /** Makes it ready. @throws Error when another process holds what must not be shared */
  open(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
