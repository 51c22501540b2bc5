import { cursorAfter, exactNumber, pageStart, readAmount } from '@souk/contracts';
import { exactJson, type JsonText } from '@souk/http';
import type { Minor } from '@souk/money';
import { describeRefusal, limitSentence, presentCash } from './answers';
import { dispense, nearest, type Kind, type Nearest } from './dispensing';
import type { MachineSettings } from './machine/machine-settings';
import { initialCounts, type Cash, type JournalEntry, type MachineState, type Pieces } from './machine/machine-state';
import { stockOf, toCash, toStoredRefusal, worthOf } from './machine/pieces';
import type { MachineStore } from './store/machine-store';

/*
 * The views of a machine for clients: its inventory and total, what it could dispense, and its journal. A machine whose state is
 * undefined is new, and therefore fully stocked.
 */

export const viewInventory = (state: MachineState | undefined, settings: MachineSettings) => ({
  result: cashOf(state, settings),
});

export const viewTotal = (state: MachineState | undefined, settings: MachineSettings): JsonText => {
  const { bills, coins } = cashOf(state, settings);
  return exactJson({ total: exactNumber(worthOf({ ...bills, ...coins })) });
};

/** A machine's stock of the denominations in its settings. */
function cashOf(state: MachineState | undefined, settings: MachineSettings): Cash {
  const counts = state?.counts ?? initialCounts(settings);
  return { bills: piecesOfKind(counts, settings, 'bill'), coins: piecesOfKind(counts, settings, 'coin') };
}

/** The pieces of one kind, in the order of the settings: larger ones first. */
function piecesOfKind(pieces: Pieces, { denominations }: MachineSettings, kind: Kind): Pieces {
  const available = denominations.filter(
    ({ text, denomination }) => denomination.kind === kind && (pieces[text] ?? 0) > 0,
  );
  return Object.fromEntries(available.map(({ text }) => [text, pieces[text]!]));
}

/** Whether an amount can be withdrawn now: the pieces, or the reason it can't be and the nearest amounts that can. */
export function viewDispensable(state: MachineState | undefined, settings: MachineSettings, amount: Minor): JsonText {
  const stock = stockOf(settings, state?.counts ?? initialCounts(settings));
  const { limits } = settings;
  if (amount > limits.amountMax)
    return presentNotDispensable('LIMIT_EXCEEDED', limitSentence(limits.amountMax), nearest(stock, amount, limits));
  const dispensed = dispense(stock, amount, limits);
  if (dispensed.ok) return exactJson({ dispensable: true, withdrawal: presentCash(toCash(dispensed.pieces)) });
  const { failure } = describeRefusal(toStoredRefusal(dispensed.refusal));
  return presentNotDispensable(failure.code, failure.message, nearest(stock, amount, limits));
}

const presentNotDispensable = (reason: string, detail: string, { below, above }: Nearest) =>
  exactJson({ dispensable: false, reason, detail, below: exactOrNull(below), above: exactOrNull(above) });

const exactOrNull = (amount: Minor | null) => (amount === null ? null : exactNumber(amount));

/** @returns a page of the journal, newest first; undefined if `after` isn't a valid cursor */
export async function viewJournal(
  store: MachineStore,
  machineId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<JsonText | undefined> {
  const before = pageStart(after);
  if (before === undefined) return undefined;
  const entries = await store.readJournal(machineId, { before, limit });
  const last = entries.at(-1);
  // The first entry has sequence 1.
  const next = last && last.sequence > 1 ? cursorAfter(last.sequence) : null;
  return exactJson({ items: entries.map(presentEntry), next });
}

const presentEntry = (entry: JournalEntry) => ({
  sequence: entry.sequence,
  type: entry.type,
  status: entry.status,
  id: entry.id,
  amount: exactNumber(readAmount(entry.amount)!),
  pieces: entry.pieces,
  change: entry.change,
  account_id: entry.accountId,
  idempotency_key: entry.key,
  actor: entry.actor,
  created_at: entry.createdAt,
});
