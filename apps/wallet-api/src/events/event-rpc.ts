import type { Database } from '@souk/database';
import {
  CALL_ENTRIES_MAX,
  invalid,
  requireCount,
  requireId,
  toLedgerEvent,
  type EventServiceDefinition,
  type GrpcHandlers,
} from '@souk/grpc';
import { readEventsAfter, readEventsFrom, readHeads, type StoredEvent } from './event-store';

const EVENTS_DEFAULT = 500;
const EVENTS_MAX = 1_000;
const POSITIONS_MAX = 10_000;

/** Implements the event service (proto/wallet/v1) on the table of events. */
export function eventHandlers({ db }: { db: Database }): GrpcHandlers<EventServiceDefinition> {
  return {
    getEvents: async ({ accounts, limit }) => {
      requireCount('accounts', accounts.length, CALL_ENTRIES_MAX);
      const cursors = accounts.map(({ accountId, after }, index) => ({
        accountId: requireId(`accounts[${index}].account_id`, accountId),
        after: requireNotNegative(`accounts[${index}].after`, after),
      }));
      const hasDuplicates = new Set(cursors.map(({ accountId }) => accountId)).size < cursors.length;
      if (hasDuplicates) throw invalid('accounts', 'must name each account once');
      const { events, hasMore } = await readEventsAfter(db, cursors, requireLimit(limit, EVENTS_DEFAULT, EVENTS_MAX));
      return { events: events.map(toEvent), hasMore };
    },
    listEvents: async ({ afterPosition, limit }) => {
      const after = requireNotNegative('after_position', afterPosition);
      const page = await readEventsFrom(db, after, requireLimit(limit, EVENTS_DEFAULT, EVENTS_MAX));
      return { ...page, events: page.events.map(toEvent) };
    },
    listHeads: async ({ afterPosition, limit }) => {
      const after = requireNotNegative('after_position', afterPosition);
      return readHeads(db, after, requireLimit(limit, POSITIONS_MAX, POSITIONS_MAX));
    },
  };
}

const toEvent = ({ data, ...event }: StoredEvent) => toLedgerEvent(event, data);

/** @throws AppError `invalid` */
function requireNotNegative(field: string, value: number): number {
  if (value < 0) throw invalid(field, 'must be 0 or more');
  return value;
}

/** An absent field is 0 and means the fallback. @throws AppError `invalid` */
function requireLimit(value: number, fallback: number, max: number): number {
  if (value < 0 || value > max) throw invalid('limit', `must be 1 to ${max}`);
  return value === 0 ? fallback : value;
}
