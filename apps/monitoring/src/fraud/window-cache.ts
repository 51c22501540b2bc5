import { EVENT_KINDS, type FraudWindow } from './window';

/**
 * The windows of the accounts that had events most recently, so that the window of a busy account isn't read again for every
 * batch. A window depends only on the account's events up to its last one, so a cached window stays correct, whatever other
 * replicas do and whether the transaction that computed it commits. It is used only while the account's progress is at that event.
 */
export interface WindowCache {
  /** @returns the account's window after its event `sequence`, if it is cached */
  get(accountId: string, sequence: number): FraudWindow | undefined;
  /** Replaces the account's window. */
  set(accountId: string, sequence: number, window: FraudWindow): void;
  clear(): void;
}

/** Maximum number of events in all cached windows; each takes about 250 bytes. */
const CACHED_EVENTS_MAX = 100_000;

const sizeOf = (window: FraudWindow) => EVENT_KINDS.reduce((sum, kind) => sum + window[kind].length, 0);

export function createWindowCache(eventsMax = CACHED_EVENTS_MAX): WindowCache {
  /** The account with the oldest entry comes first. */
  const entries = new Map<string, { sequence: number; window: FraudWindow }>();
  let eventCount = 0;

  const remove = (accountId: string) => {
    const entry = entries.get(accountId);
    if (!entry) return;
    eventCount -= sizeOf(entry.window);
    entries.delete(accountId);
  };

  return {
    get: (accountId, sequence) => {
      const entry = entries.get(accountId);
      return entry?.sequence === sequence ? entry.window : undefined;
    },
    set: (accountId, sequence, window) => {
      remove(accountId);
      entries.set(accountId, { sequence, window });
      eventCount += sizeOf(window);
      for (const oldest of entries.keys()) {
        if (eventCount <= eventsMax) break;
        remove(oldest);
      }
    },
    clear: () => {
      entries.clear();
      eventCount = 0;
    },
  };
}
