import { createInventoryClient } from '@souk/grpc';
import type { Stock } from './decide-cart-changes';

/** The part of the inventory that the cart worker uses. */
export interface Inventory {
  /**
   * Availability and prices of the products that exist, by id.
   * @throws AppError `unavailable` or `timeout`
   */
  checkItems(productIDs: readonly string[]): Promise<Stock>;
  ping(): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 2_000;
/** Maximum number of products per call. */
const CALL_PRODUCTS_MAX = 1_000;

function chunks(productIDs: readonly string[]): string[][] {
  const count = Math.ceil(productIDs.length / CALL_PRODUCTS_MAX);
  return Array.from({ length: count }, (_, index) =>
    productIDs.slice(index * CALL_PRODUCTS_MAX, (index + 1) * CALL_PRODUCTS_MAX),
  );
}

export function createInventory(address: string): Inventory {
  const client = createInventoryClient({ address, deadlineMs: DEADLINE_MS });
  return {
    checkItems: async (productIDs) => {
      const answers = await Promise.all(chunks(productIDs).map((productIds) => client.checkItems({ productIds })));
      const items = answers.flatMap((answer) => answer.items);
      return new Map(items.flatMap(({ productId, exists, ...stock }) => (exists ? [[productId, stock] as const] : [])));
    },
    ping: () => client.ping(),
    close: () => client.close(),
  };
}
