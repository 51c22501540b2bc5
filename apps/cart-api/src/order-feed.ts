import type { OrderState } from '@souk/contracts';
import { backoffMs, type Logger } from '@souk/service';
import { setTimeout as delay } from 'node:timers/promises';

/** A subscription to the final state of one order. */
export interface OrderWatch {
  /** Resolves with the order once it has settled; with `undefined` if the watch ends first. */
  settled: Promise<OrderState | undefined>;
  close(): void;
}

/** Notifies watches when orders settle. The limit on requests and streams bounds the number of watches. */
export interface OrderFeed {
  /** Call this before reading the order's current state, so that no event is missed in between. */
  watch(orderID: string): OrderWatch;
  /** Receives an event from the exchange `orders`. */
  hear(order: OrderState): void;
  /** Queries every watched order, because events may have been missed. */
  askAgain(): void;
  /** Ends every watch. */
  stop(): void;
}

export interface OrderFeedOptions {
  ask(orderID: string): Promise<OrderState | undefined>;
  logger: Logger;
}

interface Watched {
  settle: Set<(order: OrderState | undefined) => void>;
  /** An event may have been missed since the last query. */
  isStale: boolean;
}

/** Maximum number of concurrent queries after a reconnect. */
const ASKED_AT_ONCE = 64;
const ASK_BACKOFF = { initialMs: 100, maxMs: 2_000 };

export const isSettled = (order: OrderState) => order.status !== 'processing';

export function createOrderFeed({ ask, logger }: OrderFeedOptions): OrderFeed {
  const watched = new Map<string, Watched>();
  let isStopped = false;
  let isAsking = false;

  const watch = (orderID: string): OrderWatch => {
    const entry = watched.get(orderID) ?? { settle: new Set(), isStale: false };
    let settle!: (order: OrderState | undefined) => void;
    const settled = new Promise<OrderState | undefined>((resolve) => (settle = resolve));
    if (isStopped) settle(undefined);
    entry.settle.add(settle);
    watched.set(orderID, entry);
    const close = () => {
      settle(undefined);
      entry.settle.delete(settle);
      if (entry.settle.size === 0 && watched.get(orderID) === entry) watched.delete(orderID);
    };
    return { settled, close };
  };

  const hear = (order: OrderState) => {
    if (isSettled(order)) watched.get(order.orderID)?.settle.forEach((settle) => settle(order));
  };

  const askFor = async (orderID: string, entry: Watched): Promise<void> => {
    entry.isStale = false; // reset before the query: a reconnect during it makes the entry stale again
    try {
      const order = await ask(orderID);
      if (order) hear(order);
    } catch (error) {
      logger.debug({ err: error, orderID }, 'a watched order could not be asked for');
      entry.isStale = true;
    }
  };

  const askForStale = async () => {
    for (let attempt = 1; !isStopped;) {
      const stale = [...watched].filter(([, entry]) => entry.isStale).slice(0, ASKED_AT_ONCE);
      if (stale.length === 0) return;
      await Promise.all(stale.map(([orderID, entry]) => askFor(orderID, entry)));
      if (stale.some(([, entry]) => entry.isStale)) await delay(backoffMs(ASK_BACKOFF, attempt++));
    }
  };

  return {
    watch,
    hear,
    askAgain: () => {
      for (const entry of watched.values()) entry.isStale = true;
      if (isAsking) return;
      isAsking = true;
      void askForStale().finally(() => (isAsking = false));
    },
    stop: () => {
      isStopped = true;
      for (const { settle } of watched.values()) settle.forEach((each) => each(undefined));
    },
  };
}
