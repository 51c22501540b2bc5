import { readAmount, type JournalEntry, type Pieces } from '@souk/contracts';
import type { Replay } from './replay-journal';

/** Replays one entry of a withdrawal. @returns what is wrong with it, if anything */
export function followWithdrawal({ open, onAccounts }: Replay, entry: JournalEntry): string | undefined {
  const { id, status, accountId, amount, pieces, change } = entry;
  if (worthOf(pieces) !== readAmount(amount)) return 'its pieces are not of its amount';
  if (status === 'open' || accountId === null) {
    if (accountId !== null) {
      if (onAccounts.has(id)) return 'it was opened before';
      open.set(id, entry);
      onAccounts.add(id);
    } else if (status !== 'dispensed') return 'it is on no account, so it is dispensed at once';
    return isSame(change, negated(pieces)) ? undefined : 'it did not take its pieces out of the stock';
  }
  const opened = open.get(id);
  open.delete(id);
  if (!opened) return 'it ended before, or was never opened';
  if (opened.amount !== amount || opened.accountId !== accountId || !isSame(opened.pieces, pieces))
    return 'it ended as another than it was opened';
  if (isSame(change, status === 'put_back' ? pieces : {})) return undefined;
  return 'it put back what it had not taken, or did not put it back';
}

const worthOf = (pieces: Pieces) =>
  Object.entries(pieces).reduce((sum, [text, count]) => sum + (readAmount(text) ?? 0n) * BigInt(count), 0n);

const negated = (pieces: Pieces): Pieces => Object.fromEntries(Object.entries(pieces).map(([text, by]) => [text, -by]));

const isSame = (one: Pieces, other: Pieces) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([text, count]) => other[text] === count);
