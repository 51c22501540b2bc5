import type { AccountEvent } from '../consumer';

/** How far an account is applied, or to be applied, by its id: a sequence. */
export type Sequences = ReadonlyMap<string, number>;

/** Events at hand, by account and sequence. */
export type Pending = Map<string, Map<number, AccountEvent>>;

export function addPending(pending: Pending, events: readonly AccountEvent[]): void {
  for (const event of events) {
    const known = pending.get(event.accountId) ?? new Map<number, AccountEvent>();
    if (!known.has(event.sequence)) known.set(event.sequence, event);
    pending.set(event.accountId, known);
  }
}

/** The highest sequence of each account. */
export function headsOf(events: readonly { accountId: string; sequence: number }[]): Map<string, number> {
  const heads = new Map<string, number>();
  for (const { accountId, sequence } of events) heads.set(accountId, Math.max(heads.get(accountId) ?? 0, sequence));
  return heads;
}

/** How far an account would be, once all that follows without a gap is applied. */
export function endOfRun(pending: Pending, accountId: string, appliedTo: number): number {
  const known = pending.get(accountId);
  let end = appliedTo;
  while (known?.has(end + 1)) end++;
  return end;
}

/** @returns of each account that can't be applied as far as is wanted, the last sequence before the gap */
export function findGaps(
  pending: Pending,
  wanted: Sequences,
  appliedTo: Sequences,
): { accountId: string; after: number }[] {
  return [...wanted].flatMap(([accountId, upTo]) => {
    const after = endOfRun(pending, accountId, appliedTo.get(accountId) ?? 0);
    return after < upTo ? [{ accountId, after }] : [];
  });
}

export interface Runs {
  /** What can be applied: all that follows without a gap, an account after the other. */
  events: AccountEvent[];
  /** How far those accounts are with it. */
  appliedTo: Map<string, number>;
}

/** Decides what is applied. What was applied before is left out, and so is what stands behind a gap. */
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

/** Forgets what is applied, and accounts that are as far as is wanted. */
export function dropApplied(pending: Pending, wanted: Map<string, number>, appliedTo: Sequences): void {
  for (const [accountId, upTo] of appliedTo) {
    const known = pending.get(accountId);
    for (const sequence of known?.keys() ?? []) if (sequence <= upTo) known!.delete(sequence);
    if ((wanted.get(accountId) ?? 0) > upTo) continue;
    wanted.delete(accountId);
    pending.delete(accountId);
  }
}
