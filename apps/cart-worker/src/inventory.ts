import { createInventoryClient, type GrpcTarget, type ItemAvailability } from '@souk/grpc';
import { parseAmount, type Minor } from '@souk/money';
import { chunksOf } from '@souk/service';

/** A product's availability and price. */
interface ProductStock {
  available: number;
  unitPrice: Minor;
  currency: string;
}

/** Products that exist, by id. */
export type Stock = ReadonlyMap<string, ProductStock>;

/** The part of the inventory that the cart worker uses. */
export interface Inventory {
  /**
   * @returns the availability and price of each product that exists, by id
   * @throws AppError `unavailable` or `timeout`
   */
  checkItems(productIDs: readonly string[]): Promise<Stock>;
  ping(): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 2_000;
/** Maximum number of products per call. */
const CALL_PRODUCTS_MAX = 1_000;

export function createInventory(target: GrpcTarget): Inventory {
  const client = createInventoryClient({ ...target, deadlineMs: DEADLINE_MS });
  return {
    checkItems: async (productIDs) => {
      const replies = await Promise.all(
        chunksOf(productIDs, CALL_PRODUCTS_MAX).map((productIds) => client.checkItems({ productIds })),
      );
      const existing = replies.flatMap(({ items }) => items.filter(({ exists }) => exists));
      return new Map(existing.map((item) => [item.productId, toProductStock(item)]));
    },
    ping: () => client.ping(),
    close: () => client.close(),
  };
}

function toProductStock({ productId, available, unitPrice, currency }: ItemAvailability): ProductStock {
  const price = parseAmount(unitPrice);
  if (price === undefined) throw new Error(`the inventory returned an invalid price for ${productId}: ${unitPrice}`);
  return { available, unitPrice: price, currency };
}
