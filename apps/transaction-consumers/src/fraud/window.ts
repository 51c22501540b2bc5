import type { AccountEvent } from '../consumer';

/** What of an event rules look at. */
export type WatchedEvent = Pick<
  AccountEvent,
  'accountId' | 'sequence' | 'transactionId' | 'type' | 'status' | 'amount' | 'currency' | 'at'
>;

/** What an event is to fraud detection. */
export const EVENT_KINDS = ['outgoing', 'incoming', 'refused'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How many events of a kind are remembered of an account. */
export const WINDOW_EVENTS_MAX = 100;

/**
 * The most that a rule may count. An alert is raised once for a burst, so what a rule counts has to fit into a window twice.
 */
export const COUNTED_EVENTS_MAX = WINDOW_EVENTS_MAX / 2 - 1;

/**
 * The last events of an account, each kind for itself, so that a flood of one does not wash out the others. Oldest first, at most
 * `WINDOW_EVENTS_MAX` of a kind. Which events are in it follows from the events of the account alone, not from how they came.
 */
export interface FraudWindow extends Readonly<Record<EventKind, readonly WatchedEvent[]>> {
  /** Money that left. */
  outgoing: readonly WatchedEvent[];
  /** Money that came in. */
  incoming: readonly WatchedEvent[];
  /** Money that was to leave, and was refused. */
  refused: readonly WatchedEvent[];
}

export const EMPTY_WINDOW: FraudWindow = { outgoing: [], incoming: [], refused: [] };

/** Given back by the shop's own check-out, at nobody's wish: neither its loss nor its customer's gain says anything. */
const REFUND = 'refund';
/** What a shop takes: thousands an hour, and no rule is about it. */
const CHARGE = 'charge';

/** @returns what an event is to fraud detection, or `undefined` where no rule looks at it */
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

/** @returns the window as it was at an earlier event, as far as it still remembers */
export function windowAt(window: FraudWindow, { sequence }: Pick<WatchedEvent, 'sequence'>): FraudWindow {
  const until = (events: readonly WatchedEvent[]) => events.filter((event) => event.sequence <= sequence);
  return { outgoing: until(window.outgoing), incoming: until(window.incoming), refused: until(window.refused) };
}

/** @returns those of `events` that are at most `seconds` older than `present` */
export function within(
  events: readonly WatchedEvent[],
  seconds: number,
  present: WatchedEvent,
): readonly WatchedEvent[] {
  const since = present.at.getTime() - seconds * 1_000;
  return events.filter(({ at }) => at.getTime() >= since);
}
