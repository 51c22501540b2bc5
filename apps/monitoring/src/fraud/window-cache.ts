import { EVENT_KINDS, type FraudWindow } from './window';

/** A point in the history of an account. */
export interface WindowPosition {
  accountId: string;
  /** Of the last event in the window. */
  sequence: number;
  /** Incremented by every rebuild, before which the wallet may have been restored and its events may have changed. */
  generation: number;
}

/**
 * The windows of the accounts that had events most recently, so that the window of a busy account isn't read again for every
 * batch. Within a generation, a window depends only on its position. So a cached window is correct even if another replica has
 * applied the events, or if the transaction that computed it was rolled back.
 */
export interface WindowCache {
  /** @returns the window at exactly this position, if it is cached */
  get(position: WindowPosition): FraudWindow | undefined;
  /** Replaces the account's window. */
  set(position: WindowPosition, window: FraudWindow): void;
}

/** An event takes about 180 bytes, and a window without its events takes as much as two of them. */
const WINDOW_SIZE = 2;
/** Maximum size of all cached windows, in events: 70 MiB in total. */
const CACHE_SIZE = 400_000;

const sizeOf = (window: FraudWindow) => EVENT_KINDS.reduce((sum, kind) => sum + window[kind].length, WINDOW_SIZE);

export function createWindowCache(sizeMax = CACHE_SIZE): WindowCache {
  /** The account with the oldest entry comes first. */
  const entries = new Map<string, { position: WindowPosition; window: FraudWindow }>();
  let size = 0;

  const remove = (accountId: string) => {
    const entry = entries.get(accountId);
    if (!entry) return;
    size -= sizeOf(entry.window);
    entries.delete(accountId);
  };

  return {
    get: ({ accountId, sequence, generation }) => {
      const entry = entries.get(accountId);
      const isAt = entry?.position.sequence === sequence && entry.position.generation === generation;
      return isAt ? entry.window : undefined;
    },
    set: (position, window) => {
      remove(position.accountId);
      entries.set(position.accountId, { position, window });
      size += sizeOf(window);
      for (const oldest of entries.keys()) {
        if (size <= sizeMax) break;
        remove(oldest);
      }
    },
  };
}
