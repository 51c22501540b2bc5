import type { Minor } from '@souk/money';
import type { AccountEvent } from '../consumer';

/**
 * The fields of an event that rules and alerts use. Hundreds of thousands are cached, so it has few objects of its own: no Date, no
 * id of the account, and strings that repeat are shared.
 */
export interface WatchedEvent extends Pick<
  AccountEvent,
  'sequence' | 'transactionId' | 'type' | 'status' | 'amount' | 'currency'
> {
  /** When the transaction was decided, in milliseconds since 1970. */
  atMs: number;
}

/** The kinds of events that rules distinguish. */
export const EVENT_KINDS = ['outgoing', 'incoming', 'refused'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Maximum number of events of each kind that are kept per account. */
export const WINDOW_EVENTS_MAX = 100;

/**
 * Maximum number of events that a rule may count. They must fit into a window twice, because a burst is recognised by evaluating the
 * rule at earlier events too.
 */
export const COUNTED_EVENTS_MAX = WINDOW_EVENTS_MAX / 2 - 1;

/**
 * The latest events of an account, separate for each kind, so that a flood of one kind doesn't displace the others. Oldest first,
 * at most `WINDOW_EVENTS_MAX` of a kind. Its content depends on the events of the account alone, not on how they arrived.
 */
export interface FraudWindow extends Readonly<Record<EventKind, readonly WatchedEvent[]>> {
  /** Transactions by which money left. */
  outgoing: readonly WatchedEvent[];
  /** Transactions by which money came in. */
  incoming: readonly WatchedEvent[];
  /** Outgoing transactions that were refused. */
  refused: readonly WatchedEvent[];
}

export const EMPTY_WINDOW: FraudWindow = { outgoing: [], incoming: [], refused: [] };

/** Refunds are made by the checkout, not requested by anyone: neither the shop's loss nor the customer's gain is a sign of fraud. */
const REFUND = 'refund';
/** Incoming charges are a shop's takings: thousands per hour, and no rule covers them. */
const CHARGE = 'charge';

/** @returns the kind of an event, or `undefined` if no rule uses it */
export function kindOf({
  type,
  status,
  amount,
}: Pick<AccountEvent, 'type' | 'status' | 'amount'>): EventKind | undefined {
  if (type === REFUND) return undefined;
  if (status === 'failed') return amount < 0n ? 'refused' : undefined;
  if (amount < 0n) return 'outgoing';
  return type === CHARGE ? undefined : 'incoming';
}

/** @returns the window that ends at `event` */
export function advance(window: FraudWindow, kind: EventKind, event: WatchedEvent): FraudWindow {
  return { ...window, [kind]: [...window[kind], event].slice(-WINDOW_EVENTS_MAX) };
}

/** @returns the fields of an event that rules and alerts use */
export const toWatchedEvent = ({
  sequence,
  transactionId,
  type,
  status,
  amount,
  currency,
  at,
}: Omit<WatchedEvent, 'atMs'> & { at: Date }): WatchedEvent => ({
  sequence,
  transactionId,
  type: shared(type),
  status: shared(status),
  amount,
  currency: shared(currency),
  atMs: at.getTime(),
});

const sharedStrings = new Map<string, string>();

/** @returns the one copy of a string that most events repeat, such as a type or a currency */
function shared<Text extends string>(text: Text): Text {
  const copy = sharedStrings.get(text);
  if (copy === undefined) sharedStrings.set(text, text);
  return (copy ?? text) as Text;
}

/** @returns the window as it was at an earlier event, as far as its events are still kept */
export function windowAt(window: FraudWindow, { sequence }: Pick<WatchedEvent, 'sequence'>): FraudWindow {
  const upTo = (events: readonly WatchedEvent[]) => events.filter((event) => event.sequence <= sequence);
  return { outgoing: upTo(window.outgoing), incoming: upTo(window.incoming), refused: upTo(window.refused) };
}

/** @returns the `events` that are at most `seconds` older than `current` */
export function within(
  events: readonly WatchedEvent[],
  seconds: number,
  current: WatchedEvent,
): readonly WatchedEvent[] {
  const sinceMs = current.atMs - seconds * 1_000;
  return events.filter(({ atMs }) => atMs >= sinceMs);
}

/** The total amount of events, without its sign. */
export function sumOf(events: readonly Pick<WatchedEvent, 'amount'>[]): Minor {
  const sum = events.reduce((total, { amount }) => total + amount, 0n);
  return sum < 0n ? -sum : sum;
}
