import type { JournalEntry, MachineState, Pieces } from '@souk/contracts';
import { report, type Findings } from './findings';
import { followWithdrawal } from './follow-withdrawal';
import type { JournalPlace } from './machine-store';

/** What a journal says about its machine, as far as it has been read. */
export interface Replay {
  machineId: string;
  /** The sequence of the last entry. */
  sequence: number;
  counts: Map<string, number>;
  /** Withdrawals that have not ended. */
  open: Map<string, JournalEntry>;
  /** Ids of all withdrawals from accounts: a small part of what Redis itself holds in memory about them. */
  onAccounts: Set<string>;
}

export type ReplayFindings = Record<'gapless' | 'stock' | 'ends', Findings>;

export const newReplay = (machineId: string): Replay => ({
  ...{ machineId, sequence: 0, counts: new Map(), open: new Map(), onAccounts: new Set() },
});

/** Replays one entry of a journal. */
export function replayEntry(replay: Replay, { sequence, entry }: JournalPlace, found: ReplayFindings): void {
  const { machineId } = replay;
  const expected = replay.sequence + 1;
  replay.sequence = sequence;
  for (const findings of [found.gapless, found.stock, found.ends]) findings.rows += 1;
  if (sequence !== expected || !entry)
    report(found.gapless, { id: machineId, expected, found: sequence, isReadable: entry !== undefined });
  if (!entry) return;

  for (const [denomination, count] of applyChange(replay.counts, entry.change))
    report(found.stock, { id: machineId, sequence, denomination, count });
  const fault = entry.type === 'withdrawal' ? followWithdrawal(replay, entry) : undefined;
  if (fault) report(found.ends, { id: entry.id, machine: machineId, sequence, status: entry.status, fault });
}

/** Compares a journal, replayed to its end, with the state that was written with its last entry. */
export function compareState(replay: Replay, { sequence, counts, open }: MachineState, found: ReplayFindings): void {
  const id = replay.machineId;
  if (replay.sequence !== sequence) report(found.gapless, { id, state: sequence, last: replay.sequence });
  for (const denomination of new Set([...replay.counts.keys(), ...Object.keys(counts)])) {
    const [count, sum] = [counts[denomination] ?? 0, replay.counts.get(denomination) ?? 0];
    if (count !== sum) report(found.stock, { id, denomination, count, sum });
  }
  for (const withdrawal of new Set([...replay.open.keys(), ...Object.keys(open)])) {
    const isOpen = { inJournal: replay.open.has(withdrawal), inState: Object.hasOwn(open, withdrawal) };
    if (isOpen.inJournal !== isOpen.inState) report(found.ends, { id: withdrawal, machine: id, ...isOpen });
  }
}

/** Applies a change to the counts. @returns the resulting counts that are invalid */
function applyChange(counts: Map<string, number>, change: Pieces): [string, number][] {
  const changed = Object.entries(change).map(([denomination, by]): [string, number] => {
    const count = (counts.get(denomination) ?? 0) + by;
    counts.set(denomination, count);
    return [denomination, count];
  });
  return changed.filter(([, count]) => !(Number.isSafeInteger(count) && count >= 0));
}
