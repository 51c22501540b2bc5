import type { OrderState } from '@souk/contracts';
import { backoffMs, type Logger } from '@souk/service';
import { setTimeout as delay } from 'node:timers/promises';

/** Somebody's interest in one order. */
export interface OrderWatch {
  /** Resolves with the order once it has settled; with `undefined` when the watch ends before. */
  settled: Promise<OrderState | undefined>;
  close(): void;
}

/** Tells whoever waits how orders end. How many watch is bounded by the requests and streams that are let in. */
export interface OrderFeed {
  /** Begin before asking for the order's present state: nothing falls in between then. */
  watch(orderID: string): OrderWatch;
  /** What the exchange `orders` carries. */
  hear(order: OrderState): void;
  /** Events may have been missed: asks for every watched order. */
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
  /** An event may have been missed since it was last asked for. */
  isStale: boolean;
}

/** Orders asked for at once after a reconnect. */
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
    entry.isStale = false; // before it is asked: a connection lost meanwhile makes it stale again
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
