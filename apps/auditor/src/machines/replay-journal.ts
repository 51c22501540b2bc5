import { readAmount, type JournalEntry, type MachineState, type Pieces } from '@souk/contracts';
import { addBroken, type Findings } from '../check-result';
import type { JournalRecord } from './machine-store';

/** The state of a machine according to its journal, as far as that has been read. */
export interface Replay {
  machineId: string;
  /** The sequence of the last entry. */
  sequence: number;
  counts: Map<string, number>;
  /** Withdrawals that have not ended. */
  open: Map<string, JournalEntry>;
  /** Ids of all withdrawals from accounts. They take much less memory than Redis itself uses for these withdrawals. */
  accountWithdrawalIds: Set<string>;
}

type ReplayFindings = Record<'gapless' | 'stock' | 'ends', Findings>;

export const newReplay = (machineId: string): Replay => ({
  ...{ machineId, sequence: 0, counts: new Map(), open: new Map(), accountWithdrawalIds: new Set() },
});

/** Replays one entry of a journal. */
export function replayEntry(replay: Replay, { sequence, entry }: JournalRecord, findings: ReplayFindings): void {
  const { machineId } = replay;
  const { gapless, stock, ends } = findings;
  const expected = replay.sequence + 1;
  replay.sequence = sequence;
  for (const checkFindings of [gapless, stock, ends]) checkFindings.rows += 1;
  if (sequence !== expected || !entry)
    addBroken(gapless, { id: machineId, expected, actual: sequence, isReadable: entry !== undefined });
  if (!entry) return;

  for (const [denomination, count] of applyChange(replay.counts, entry.change))
    addBroken(stock, { id: machineId, sequence, denomination, count });
  const fault = entry.type === 'withdrawal' ? replayWithdrawal(replay, entry) : undefined;
  if (fault) addBroken(ends, { id: entry.id, machine: machineId, sequence, status: entry.status, fault });
}

/** Compares a journal that has been replayed to its end with the state that was written with its last entry. */
export function compareState(replay: Replay, { sequence, counts, open }: MachineState, findings: ReplayFindings): void {
  const id = replay.machineId;
  if (replay.sequence !== sequence) addBroken(findings.gapless, { id, state: sequence, last: replay.sequence });
  for (const denomination of new Set([...replay.counts.keys(), ...Object.keys(counts)])) {
    const [count, sum] = [counts[denomination] ?? 0, replay.counts.get(denomination) ?? 0];
    if (count !== sum) addBroken(findings.stock, { id, denomination, count, sum });
  }
  for (const withdrawal of new Set([...replay.open.keys(), ...Object.keys(open)])) {
    const isOpen = { inJournal: replay.open.has(withdrawal), inState: Object.hasOwn(open, withdrawal) };
    if (isOpen.inJournal !== isOpen.inState) addBroken(findings.ends, { id: withdrawal, machine: id, ...isOpen });
  }
}

/** Applies a change to the counts. @returns the resulting counts that are invalid */
function applyChange(counts: Map<string, number>, change: Pieces): [string, number][] {
  const changedCounts = Object.entries(change).map(([denomination, difference]): [string, number] => {
    const count = (counts.get(denomination) ?? 0) + difference;
    counts.set(denomination, count);
    return [denomination, count];
  });
  return changedCounts.filter(([, count]) => !(Number.isSafeInteger(count) && count >= 0));
}

/** Replays one entry of a withdrawal. @returns the error in it, if there is one */
function replayWithdrawal({ open, accountWithdrawalIds }: Replay, entry: JournalEntry): string | undefined {
  const { id, status, accountId, amount, pieces, change } = entry;
  if (worthOf(pieces) !== readAmount(amount)) return 'its pieces are not worth its amount';
  if (status === 'open' || accountId === null) {
    if (accountId !== null) {
      if (accountWithdrawalIds.has(id)) return 'it was opened before';
      open.set(id, entry);
      accountWithdrawalIds.add(id);
    } else if (status !== 'dispensed') return 'it has no account, so it must be dispensed at once';
    return isSame(change, negated(pieces)) ? undefined : 'it did not take its pieces out of the stock';
  }
  const opened = open.get(id);
  open.delete(id);
  if (!opened) return 'it had ended before, or was never opened';
  if (opened.amount !== amount || opened.accountId !== accountId || !isSame(opened.pieces, pieces))
    return 'it differs from the withdrawal that was opened';
  if (isSame(change, status === 'put_back' ? pieces : {})) return undefined;
  return status === 'put_back' ? 'it did not put its pieces back' : 'it was dispensed but changed the stock';
}

const worthOf = (pieces: Pieces) =>
  Object.entries(pieces).reduce((sum, [text, count]) => sum + (readAmount(text) ?? 0n) * BigInt(count), 0n);

const negated = (pieces: Pieces): Pieces =>
  Object.fromEntries(Object.entries(pieces).map(([text, difference]) => [text, -difference]));

const isSame = (a: Pieces, b: Pieces) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([text, count]) => b[text] === count);
