import { formatAmount } from '@souk/money';
import { dispense } from '../dispensing';
import type { Answer, Command } from './commands';
import type { MachineSettings } from './machine-settings';
import {
  initialCounts,
  type JournalEntry,
  type MachineState,
  type OpenWithdrawal,
  type StoredOutcome,
  type StoredRefusal,
} from './machine-state';
import { negated, piecesOf, stockOf, toCash, toStoredRefusal, worthOf } from './pieces';

/** A machine while a batch is applied to it. */
export interface MachineDraft {
  state: MachineState;
  entries: JournalEntry[];
  settings: MachineSettings;
  nowMs: number;
}

/** A command's idempotency key, outcome id and stored outcome. */
interface CommandContext {
  key: string | null;
  outcomeId: string;
  storedOutcome: StoredOutcome | undefined;
}

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

const refused = (refusal: StoredRefusal): Answer => ({ kind: 'refused', refusal });
const DONE: Answer = { kind: 'done' };
const TOO_LATE: Answer = { kind: 'too_late' };
const QUEUE_FULL: Answer = { kind: 'queue_full' };

/**
 * How many withdrawals may wait for the wallet to charge or cancel them. Each change to the machine reads and writes them all.
 */
const UNSETTLED_MAX = 1_000;

/** Applies one command to a draft. A refused command leaves it unchanged. */
export function applyCommand(draft: MachineDraft, command: Command, context: CommandContext): Answer {
  switch (command.kind) {
    case 'withdraw':
      return withdraw(draft, command, context);
    case 'refill':
      return refill(draft, command, context);
    case 'reset':
      return reset(draft, command, context);
    case 'fill':
      // A new machine starts fully stocked.
      return draft.state.version === 0 ? DONE : TOO_LATE;
    case 'lease':
      return lease(draft, command);
    case 'dispense':
      return settleOpen(draft, command, context, (open) => {
        write(draft, { ...openEntry(open), status: 'dispensed', change: {} });
        return { kind: 'dispensed', amount: open.amount, cash: open.cash };
      });
    case 'put_back':
      return settleOpen(draft, command, context, (open) => {
        write(draft, { ...openEntry(open), status: 'put_back', change: piecesOf(open.cash) });
        const { id, actor } = open;
        if (command.payment === 'to_be_cancelled') draft.state.cancelling[id] = { id, actor, leasedUntilMs: 0 };
        return refused(command.refusal);
      });
    case 'confirm_cancellation':
      if (!draft.state.cancelling[command.id]) return TOO_LATE;
      delete draft.state.cancelling[command.id];
      return DONE;
  }
}

function withdraw(
  draft: MachineDraft,
  { id, amount, account, actor }: CommandOf<'withdraw'>,
  { key, outcomeId }: CommandContext,
): Answer {
  const { state, settings, nowMs } = draft;
  if (account && countUnsettled(state) >= UNSETTLED_MAX) return QUEUE_FULL;
  const dispensed = dispense(stockOf(settings, state.counts), amount, settings.limits);
  if (!dispensed.ok) return refused(toStoredRefusal(dispensed.refusal));
  const cash = toCash(dispensed.pieces);
  const open: OpenWithdrawal = {
    id,
    amount: formatAmount(amount),
    cash,
    accountId: account?.id ?? '',
    actor,
    key,
    outcomeId,
    openedAtMs: nowMs,
    leasedUntilMs: account?.leasedUntilMs ?? 0,
  };
  const status = account ? 'open' : 'dispensed';
  write(draft, { ...openEntry(open), accountId: account?.id ?? null, status, change: negated(piecesOf(cash)) });
  if (!account) return { kind: 'dispensed', amount: open.amount, cash };
  state.open[id] = open;
  return { kind: 'open', withdrawalId: id };
}

const countUnsettled = ({ open, cancelling }: MachineState) =>
  Object.keys(open).length + Object.keys(cancelling).length;

function refill(draft: MachineDraft, { id, pieces, actor }: CommandOf<'refill'>, { key }: CommandContext): Answer {
  const amount = formatAmount(worthOf(pieces));
  write(draft, { type: 'refill', status: null, id, amount, pieces, change: pieces, accountId: null, key, actor });
  return { kind: 'refilled', pieces };
}

function reset(draft: MachineDraft, { id, actor }: CommandOf<'reset'>, { key }: CommandContext): Answer {
  if (Object.keys(draft.state.open).length > 0) return refused({ code: 'WITHDRAWAL_OPEN' });
  const pieces = initialCounts(draft.settings);
  const texts = new Set([...Object.keys(pieces), ...Object.keys(draft.state.counts)]);
  const difference = (text: string) => (pieces[text] ?? 0) - (draft.state.counts[text] ?? 0);
  const change = Object.fromEntries(
    [...texts].map((text) => [text, difference(text)] as const).filter(([, count]) => count !== 0),
  );
  const amount = formatAmount(worthOf(pieces));
  write(draft, { type: 'reset', status: null, id, amount, pieces, change, accountId: null, key, actor });
  return { kind: 'reset' };
}

function lease({ state, nowMs }: MachineDraft, { id, leasedUntilMs }: CommandOf<'lease'>): Answer {
  const leased = state.open[id] ?? state.cancelling[id];
  if (!leased || leased.leasedUntilMs > nowMs) return TOO_LATE;
  const withdrawals = state.open[id] ? state.open : state.cancelling;
  withdrawals[id] = { ...leased, leasedUntilMs };
  return DONE;
}

/**
 * Settles an open withdrawal. Settling it again has no effect and returns the first outcome, or `too_late` if it isn't stored.
 */
function settleOpen(
  draft: MachineDraft,
  { id }: { id: string },
  { storedOutcome }: CommandContext,
  settle: (open: OpenWithdrawal) => Answer,
): Answer {
  const open = draft.state.open[id];
  if (!open) return storedOutcome && storedOutcome.outcome.kind !== 'open' ? storedOutcome.outcome : TOO_LATE;
  delete draft.state.open[id];
  return settle(open);
}

const openEntry = ({ id, amount, cash, accountId, key, actor }: OpenWithdrawal) =>
  ({ type: 'withdrawal', id, amount, pieces: piecesOf(cash), accountId, key, actor }) as const;

/** Adds an entry to the journal and applies its change to the stock, so the stock always follows from the journal. */
function write({ state, entries, nowMs }: MachineDraft, entry: Omit<JournalEntry, 'sequence' | 'createdAt'>): void {
  for (const [text, difference] of Object.entries(entry.change)) {
    const count = (state.counts[text] ?? 0) + difference;
    if (!Number.isSafeInteger(count) || count < 0)
      throw new Error(`${entry.type} ${entry.id} would leave ${count} pieces of ${text}`);
    state.counts[text] = count;
  }
  entries.push({ sequence: ++state.sequence, ...entry, createdAt: new Date(nowMs).toISOString() });
}
