import {
  createEventClient,
  transactionOf,
  type AccountHead,
  type GrpcTarget,
  type HeadsPage,
  type LedgerEvent,
} from '@souk/grpc';
import type { AccountEvent } from '../consumer';
import { toAccountEvents } from './account-events';

/** Reads the wallet's events. Every call throws AppError `unavailable` or `timeout` if the wallet doesn't respond. */
export interface WalletEvents {
  /** The events after each cursor, without gaps, and whether there are more. Takes at most `CURSORS_MAX` cursors. */
  fetchAfterCursors(
    cursors: readonly { accountId: string; after: number }[],
  ): Promise<{ events: AccountEvent[]; hasMore: boolean }>;
  /** A page of the events after a position, in order of position. */
  fetchAfterPosition(position: number): Promise<EventsPage>;
  /** A page of the accounts with events after a position, each with its highest sequence in that page. */
  fetchHeads(position: number, deadlineMs?: number): Promise<HeadsPage>;
  ping(): Promise<void>;
  close(): void;
}

interface EventsPage {
  events: AccountEvent[];
  /** Number of wallet events in the page; each may concern several accounts. */
  count: number;
  /** Position of the page's last event; `undefined` if the page is empty. */
  position: number | undefined;
  /** Position of the wallet's last event. */
  lastPosition: number;
}

export type Head = AccountHead;

/** Maximum number of accounts per call. */
export const CURSORS_MAX = 1_000;
const EVENTS_PER_CALL = 1_000;
const DEADLINE_MS = 10_000;

export function createWalletEvents(target: GrpcTarget): WalletEvents {
  const client = createEventClient({ ...target, deadlineMs: DEADLINE_MS });
  return {
    fetchAfterCursors: async (cursors) => {
      const { events, hasMore } = await client.getEvents({ accounts: [...cursors], limit: EVENTS_PER_CALL });
      // Entries of other accounts are dropped, because there may be gaps before them.
      const requestedIds = new Set(cursors.map(({ accountId }) => accountId));
      return { events: accountEventsOf(events).filter(({ accountId }) => requestedIds.has(accountId)), hasMore };
    },
    fetchAfterPosition: async (position) => {
      const { events, lastPosition } = await client.listEvents({ afterPosition: position, limit: EVENTS_PER_CALL });
      const last = events.at(-1)?.position;
      return { events: accountEventsOf(events), count: events.length, position: last, lastPosition };
    },
    fetchHeads: (position, deadlineMs = DEADLINE_MS) => client.listHeads({ afterPosition: position }, { deadlineMs }),
    ping: () => client.ping(),
    close: () => client.close(),
  };
}

const accountEventsOf = (events: readonly LedgerEvent[]): AccountEvent[] =>
  events.flatMap((event) => toAccountEvents(transactionOf(event)));
