import { createEventClient, type AccountHead, type HeadsPage } from '@souk/grpc';
import type { AccountEvent } from '../consumer';
import { ofLedgerEvent } from './account-events';

/** What the wallet knows of its events. All throw AppError `unavailable` or `timeout` while it does not answer. */
export interface WalletEvents {
  /** What follows each cursor, without gaps, and whether there is more of it. At most `CURSORS_MAX` cursors. */
  after(
    cursors: readonly { accountId: string; after: number }[],
  ): Promise<{ events: AccountEvent[]; hasMore: boolean }>;
  /** The events behind a position, in the order of positions. */
  from(position: number): Promise<EventsPage>;
  /** How far accounts are that events behind a position name. */
  heads(position: number, deadlineMs?: number): Promise<HeadsPage>;
  ping(): Promise<void>;
  close(): void;
}

export interface EventsPage {
  events: AccountEvent[];
  /** Events of the wallet that these are. */
  count: number;
  /** Of the last one; `undefined` at the end. */
  position: number | undefined;
  /** Of the last one of all. */
  lastPosition: number;
}

export type Head = AccountHead;

export const CURSORS_MAX = 1_000;
const EVENTS_A_CALL = 1_000;
const DEADLINE_MS = 10_000;

export function createWalletEvents(address: string): WalletEvents {
  const client = createEventClient({ address, deadlineMs: DEADLINE_MS });
  return {
    after: async (cursors) => {
      const { events, hasMore } = await client.getEvents({ accounts: [...cursors], limit: EVENTS_A_CALL });
      // What an event tells of other accounts may have gaps before it.
      const asked = new Set(cursors.map(({ accountId }) => accountId));
      return { events: events.flatMap(ofLedgerEvent).filter(({ accountId }) => asked.has(accountId)), hasMore };
    },
    from: async (position) => {
      const { events, lastPosition } = await client.listEvents({ afterPosition: position, limit: EVENTS_A_CALL });
      const last = events.at(-1)?.position;
      return { events: events.flatMap(ofLedgerEvent), count: events.length, position: last, lastPosition };
    },
    heads: (position, deadlineMs = DEADLINE_MS) => client.listHeads({ afterPosition: position }, { deadlineMs }),
    ping: () => client.ping(),
    close: () => client.close(),
  };
}
