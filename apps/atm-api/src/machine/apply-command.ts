import { formatAmount, type Minor } from '@souk/money';
import { readAmount } from '@souk/contracts';
import { dispense, type Kind, type Piece, type Refusal, type Stock } from '../dispensing';
import { plainAmount, type MachineSettings } from '../machines';
import type { Answer, Command } from './commands';
import {
  initialCounts,
  type Cash,
  type JournalEntry,
  type KeptOutcome,
  type MachineState,
  type OpenWithdrawal,
  type Pieces,
  type Refused,
} from './machine-state';

/** A machine while a batch is applied to it. */
export interface Draft {
  state: MachineState;
  entries: JournalEntry[];
  settings: MachineSettings;
  nowMs: number;
}

/** A command's idempotency key, outcome id and stored outcome. */
export interface Context {
  key: string | null;
  outcomeId: string;
  known: KeptOutcome | undefined;
}

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

const refused = (refusal: Refused): Answer => ({ kind: 'refused', refusal });
const DONE: Answer = { kind: 'done' };
const GONE: Answer = { kind: 'gone' };
const CROWDED: Answer = { kind: 'crowded' };

/** How many withdrawals may wait for the wallet to charge or cancel them. Each change reads and writes all of them. */
const UNSETTLED_MAX = 1_000;

/** Applies one command to a draft. A refused command leaves it unchanged. */
export function applyCommand(draft: Draft, command: Command, context: Context): Answer {
  switch (command.kind) {
    case 'withdraw':
      return withdraw(draft, command, context);
    case 'refill':
      return refill(draft, command, context);
    case 'reset':
      return reset(draft, command, context);
    case 'fill':
      // A new machine starts fully stocked.
      return draft.state.version === 0 ? DONE : GONE;
    case 'lease':
      return lease(draft, command);
    case 'dispense':
      return settleOpen(draft, command, context, (open) => {
        write(draft, { ...openEntry(open), status: 'dispensed', change: {} });
        return { kind: 'dispensed', amount: open.amount, cash: open.cash };
      });
    case 'put_back':
      return settleOpen(draft, command, context, (open) => {
        write(draft, { ...openEntry(open), status: 'put_back', change: allOf(open.cash) });
        const { id, actor } = open;
        if (command.payment === 'to_be_cancelled') draft.state.cancelling[id] = { id, actor, leasedUntilMs: 0 };
        return refused(command.refusal);
      });
    case 'cancelled':
      if (!draft.state.cancelling[command.id]) return GONE;
      delete draft.state.cancelling[command.id];
      return DONE;
  }
}

function withdraw(draft: Draft, { id, amount, account, actor }: Of<'withdraw'>, { key, outcomeId }: Context): Answer {
  const { state, settings, nowMs } = draft;
  if (account && unsettled(state) >= UNSETTLED_MAX) return CROWDED;
  const paid = dispense(stockOf(settings, state.counts), amount, settings.limits);
  if (!paid.ok) return refused(toRefused(paid.refusal));
  const cash = toCash(paid.pieces);
  const open: OpenWithdrawal = {
    ...{ id, amount: formatAmount(amount), cash, accountId: account?.id ?? '', actor, key, outcomeId },
    ...{ openedAtMs: nowMs, leasedUntilMs: account?.leasedUntilMs ?? 0 },
  };
  const status = account ? 'open' : 'dispensed';
  write(draft, { ...openEntry(open), accountId: account?.id ?? null, status, change: negated(allOf(cash)) });
  if (!account) return { kind: 'dispensed', amount: open.amount, cash };
  state.open[id] = open;
  return { kind: 'open', withdrawalId: id };
}

const unsettled = ({ open, cancelling }: MachineState) => Object.keys(open).length + Object.keys(cancelling).length;

function refill(draft: Draft, { id, pieces, actor }: Of<'refill'>, { key }: Context): Answer {
  const amount = formatAmount(worthOf(pieces));
  write(draft, { type: 'refill', status: null, id, amount, pieces, change: pieces, accountId: null, key, actor });
  return { kind: 'refilled', pieces };
}

function reset(draft: Draft, { id, actor }: Of<'reset'>, { key }: Context): Answer {
  if (Object.keys(draft.state.open).length > 0) return refused({ code: 'WITHDRAWAL_OPEN' });
  const pieces = initialCounts(draft.settings);
  const texts = new Set([...Object.keys(pieces), ...Object.keys(draft.state.counts)]);
  const difference = (text: string) => (pieces[text] ?? 0) - (draft.state.counts[text] ?? 0);
  const change = Object.fromEntries(
    [...texts].map((text) => [text, difference(text)] as const).filter(([, by]) => by !== 0),
  );
  const amount = formatAmount(worthOf(pieces));
  write(draft, { type: 'reset', status: null, id, amount, pieces, change, accountId: null, key, actor });
  return { kind: 'reset' };
}

function lease({ state, nowMs }: Draft, { id, leasedUntilMs }: Of<'lease'>): Answer {
  const leased = state.open[id] ?? state.cancelling[id];
  if (!leased || leased.leasedUntilMs > nowMs) return GONE;
  const of = state.open[id] ? state.open : state.cancelling;
  of[id] = { ...leased, leasedUntilMs };
  return DONE;
}

/** Settles an open withdrawal. Settling it again has no effect and returns the first outcome, or `gone` if it isn't stored. */
function settleOpen(
  draft: Draft,
  { id }: { id: string },
  { known }: Context,
  end: (open: OpenWithdrawal) => Answer,
): Answer {
  const open = draft.state.open[id];
  if (!open) return known && known.outcome.kind !== 'open' ? known.outcome : GONE;
  delete draft.state.open[id];
  return end(open);
}

const openEntry = ({ id, amount, cash, accountId, key, actor }: OpenWithdrawal) =>
  ({ type: 'withdrawal', id, amount, pieces: allOf(cash), accountId, key, actor }) as const;

/** Adds an entry to the journal and applies its change to the stock, so the stock always follows from the journal. */
function write({ state, entries, nowMs }: Draft, entry: Omit<JournalEntry, 'sequence' | 'createdAt'>): void {
  for (const [text, by] of Object.entries(entry.change)) {
    const count = (state.counts[text] ?? 0) + by;
    if (!Number.isSafeInteger(count) || count < 0)
      throw new Error(`${entry.id} would leave ${count} pieces of ${text}`);
    state.counts[text] = count;
  }
  entries.push({ sequence: ++state.sequence, ...entry, createdAt: new Date(nowMs).toISOString() });
}

/** The stock that `dispense` chooses from. */
export const stockOf = ({ denominations }: MachineSettings, counts: Pieces): Stock[] =>
  denominations.map(({ text, denomination }) => ({ denomination, count: counts[text] ?? 0 }));

/** The pieces that `dispense` chose, in the same order. */
export const toCash = (pieces: readonly Piece[]): Cash => {
  const of = (kind: Kind): Pieces =>
    Object.fromEntries(
      pieces
        .filter(({ denomination }) => denomination.kind === kind)
        .map(({ denomination, count }) => [plainAmount(denomination.value), count]),
    );
  return { bills: of('bill'), coins: of('coin') };
};

const allOf = ({ bills, coins }: Cash): Pieces => ({ ...bills, ...coins });

export const worthOf = (pieces: Pieces): Minor =>
  Object.entries(pieces).reduce((sum, [text, count]) => sum + readAmount(text)! * BigInt(count), 0n);

const negated = (pieces: Pieces): Pieces => Object.fromEntries(Object.entries(pieces).map(([text, by]) => [text, -by]));

const amountOrNull = (minor: Minor | null) => (minor === null ? null : formatAmount(minor));

/** A refusal in its stored form. */
export function toRefused(refusal: Refusal): Refused {
  switch (refusal.code) {
    case 'TOO_MANY_COINS':
      return { code: refusal.code };
    case 'INSUFFICIENT_FUNDS':
      return { code: refusal.code, maxPayable: formatAmount(refusal.maxPayable) };
    case 'NOT_PAYABLE':
      return { code: refusal.code, below: amountOrNull(refusal.below), above: amountOrNull(refusal.above) };
  }
}
