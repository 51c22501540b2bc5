import { createInventoryClient } from '@souk/grpc';
import type { Stock } from './decide-cart-changes';

/** What the cart worker asks of the inventory. */
export interface Inventory {
  /**
   * Availability and prices of those that exist, one call for all.
   * @throws AppError `unavailable` or `timeout`
   */
  checkItems(productIDs: readonly string[]): Promise<Stock>;
  ping(): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 2_000;

export function createInventory(address: string): Inventory {
  const client = createInventoryClient({ address, deadlineMs: DEADLINE_MS });
  return {
    checkItems: async (productIDs) => {
      const { items } = await client.checkItems({ productIds: [...productIDs] });
      return new Map(items.flatMap(({ productId, exists, ...stock }) => (exists ? [[productId, stock] as const] : [])));
    },
    ping: () => client.ping(),
    close: () => client.close(),
  };
}
