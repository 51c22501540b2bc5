import type { AccountEvent } from '../consumer';

/** By account id, the sequence up to which events have been applied or should be applied. */
export type Sequences = ReadonlyMap<string, number>;

/** Unapplied events in memory, by account and sequence. */
export type Pending = Map<string, Map<number, AccountEvent>>;

export function addPending(pending: Pending, events: readonly AccountEvent[]): void {
  for (const event of events) {
    const bySequence = pending.get(event.accountId) ?? new Map<number, AccountEvent>();
    if (!bySequence.has(event.sequence)) bySequence.set(event.sequence, event);
    pending.set(event.accountId, bySequence);
  }
}

/** The highest sequence of each account. */
export function headsOf(events: readonly { accountId: string; sequence: number }[]): Map<string, number> {
  const heads = new Map<string, number>();
  for (const { accountId, sequence } of events) heads.set(accountId, Math.max(heads.get(accountId) ?? 0, sequence));
  return heads;
}

/** @returns the sequence that an account reaches once all pending events that follow without a gap are applied */
function endOfRun(pending: Pending, accountId: string, appliedTo: number): number {
  const bySequence = pending.get(accountId);
  let end = appliedTo;
  while (bySequence?.has(end + 1)) end++;
  return end;
}

/** @returns each account that can't be applied up to its target, with the last sequence before the gap */
export function findGaps(
  pending: Pending,
  targets: Sequences,
  appliedTo: Sequences,
): { accountId: string; after: number }[] {
  return [...targets].flatMap(([accountId, target]) => {
    const after = endOfRun(pending, accountId, appliedTo.get(accountId) ?? 0);
    return after < target ? [{ accountId, after }] : [];
  });
}

interface Runs {
  /** The events that can be applied: all that follow the progress without a gap, one account after another. */
  events: AccountEvent[];
  /** The progress of their accounts once they are applied. */
  appliedTo: Map<string, number>;
}

/** Decides which events to apply, leaving out those already applied and those after a gap. */
export function decideRuns(pending: Pending, appliedTo: Sequences): Runs {
  const runs: Runs = { events: [], appliedTo: new Map() };
  for (const [accountId, from] of appliedTo) {
    const end = endOfRun(pending, accountId, from);
    for (let sequence = from + 1; sequence <= end; sequence++) {
      runs.events.push(pending.get(accountId)!.get(sequence)!);
    }
    if (end > from) runs.appliedTo.set(accountId, end);
  }
  return runs;
}

/** Drops applied events, and accounts that have reached their target. */
export function dropApplied(pending: Pending, targets: Map<string, number>, appliedTo: Sequences): void {
  for (const [accountId, upTo] of appliedTo) {
    const bySequence = pending.get(accountId);
    for (const sequence of bySequence?.keys() ?? []) if (sequence <= upTo) bySequence!.delete(sequence);
    if ((targets.get(accountId) ?? 0) > upTo) continue;
    targets.delete(accountId);
    pending.delete(accountId);
  }
}
