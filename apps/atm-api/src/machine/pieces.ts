import { readAmount } from '@souk/contracts';
import { formatAmount, type Minor } from '@souk/money';
import type { Kind, Piece, Refusal, Stock } from '../dispensing';
import { plainAmount, type MachineSettings } from './machine-settings';
import type { Cash, Pieces, StoredRefusal } from './machine-state';

/*
 * Conversions between the stored form (`Pieces`: counts by denomination as text) and the types that `dispense` uses.
 */

/** The stock that `dispense` chooses from. */
export const stockOf = ({ denominations }: MachineSettings, counts: Pieces): Stock[] =>
  denominations.map(({ text, denomination }) => ({ denomination, count: counts[text] ?? 0 }));

/** The pieces that `dispense` chose, in the same order. */
export const toCash = (pieces: readonly Piece[]): Cash => {
  const piecesOfKind = (kind: Kind): Pieces =>
    Object.fromEntries(
      pieces
        .filter(({ denomination }) => denomination.kind === kind)
        .map(({ denomination, count }) => [plainAmount(denomination.value), count]),
    );
  return { bills: piecesOfKind('bill'), coins: piecesOfKind('coin') };
};

export const piecesOf = ({ bills, coins }: Cash): Pieces => ({ ...bills, ...coins });

export const negated = (pieces: Pieces): Pieces =>
  Object.fromEntries(Object.entries(pieces).map(([text, count]) => [text, -count]));

export const worthOf = (pieces: Pieces): Minor =>
  Object.entries(pieces).reduce((sum, [text, count]) => sum + readAmount(text)! * BigInt(count), 0n);

/** A refusal of `dispense` in its stored form. */
export function toStoredRefusal(refusal: Refusal): StoredRefusal {
  switch (refusal.code) {
    case 'TOO_MANY_COINS':
      return { code: refusal.code };
    case 'INSUFFICIENT_FUNDS':
      return { code: refusal.code, maxPayable: formatAmount(refusal.maxPayable) };
    case 'NOT_PAYABLE':
      return { code: refusal.code, below: amountOrNull(refusal.below), above: amountOrNull(refusal.above) };
  }
}

const amountOrNull = (amount: Minor | null) => (amount === null ? null : formatAmount(amount));
