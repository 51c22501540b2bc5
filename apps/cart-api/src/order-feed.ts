import type { OrderState } from '@souk/contracts';
import { backoffMs, type Logger } from '@souk/service';
import { setTimeout as delay } from 'node:timers/promises';

/** A subscription to the final state of one order. */
interface OrderWatch {
  /** Resolves with the order once it has settled; with `undefined` if the watch ends first. */
  settled: Promise<OrderState | undefined>;
  close(): void;
}

/** Notifies watches when orders settle. The limit on requests and streams bounds the number of watches. */
export interface OrderFeed {
  /** Call this before reading the order's current state, so that no event is missed in between. */
  watch(orderID: string): OrderWatch;
  /** Receives an event from the exchange `orders`. */
  notify(order: OrderState): void;
  /** Queries every watched order in case events have been missed. */
  refresh(): void;
  /** Ends every watch. */
  stop(): void;
}

interface OrderFeedOptions {
  /** @returns the order, or `undefined` if it doesn't exist */
  query(orderID: string): Promise<OrderState | undefined>;
  logger: Logger;
}

type Listener = (order: OrderState | undefined) => void;

interface WatchedOrder {
  listeners: Set<Listener>;
  /** Whether an event may have been missed since the last query. */
  isStale: boolean;
}

/** Maximum number of concurrent queries after a reconnect. */
const QUERIES_MAX = 64;
const QUERY_BACKOFF = { initialMs: 100, maxMs: 2_000 };

export const isSettled = (order: OrderState) => order.status !== 'processing';

export function createOrderFeed({ query, logger }: OrderFeedOptions): OrderFeed {
  const watchedOrders = new Map<string, WatchedOrder>();
  let isStopped = false;
  let isRefreshing = false;

  const watch = (orderID: string): OrderWatch => {
    const entry = watchedOrders.get(orderID) ?? { listeners: new Set(), isStale: false };
    let listener!: Listener;
    const settled = new Promise<OrderState | undefined>((resolve) => (listener = resolve));
    if (isStopped) listener(undefined);
    entry.listeners.add(listener);
    watchedOrders.set(orderID, entry);
    const close = () => {
      listener(undefined);
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0 && watchedOrders.get(orderID) === entry) watchedOrders.delete(orderID);
    };
    return { settled, close };
  };

  const notify = (order: OrderState) => {
    if (isSettled(order)) watchedOrders.get(order.orderID)?.listeners.forEach((listener) => listener(order));
  };

  const refreshOrder = async (orderID: string, entry: WatchedOrder): Promise<void> => {
    entry.isStale = false; // reset before the query, so that a reconnect during the query makes the entry stale again
    try {
      const order = await query(orderID);
      if (order) notify(order);
    } catch (error) {
      logger.debug({ err: error, orderID }, 'querying a watched order failed; will retry');
      entry.isStale = true;
    }
  };

  const refreshStale = async () => {
    for (let attempt = 1; !isStopped;) {
      const stale = [...watchedOrders].filter(([, entry]) => entry.isStale).slice(0, QUERIES_MAX);
      if (stale.length === 0) return;
      await Promise.all(stale.map(([orderID, entry]) => refreshOrder(orderID, entry)));
      if (stale.some(([, entry]) => entry.isStale)) await delay(backoffMs(QUERY_BACKOFF, attempt++));
    }
  };

  return {
    watch,
    notify,
    refresh: () => {
      for (const entry of watchedOrders.values()) entry.isStale = true;
      if (isRefreshing) return;
      isRefreshing = true;
      void refreshStale().finally(() => (isRefreshing = false));
    },
    stop: () => {
      isStopped = true;
      for (const { listeners } of watchedOrders.values()) listeners.forEach((listener) => listener(undefined));
    },
  };
}
