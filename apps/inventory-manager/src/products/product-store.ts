import { type Queryable } from '@souk/database';
import { createCoalescer } from '@souk/service';
import type { Product } from '../lane/inventory-state';

const BATCH_IDS_MAX = 2_000;
const QUEUE_IDS_MAX = 50_000;

/** Reads the current products. Nothing is locked, so a result may be outdated by the time it is returned. */
export interface ProductStore {
  /** @returns the products that exist, by id. Calls that wait at the same time share one query. */
  find(productIds: readonly string[]): Promise<ReadonlyMap<string, Product>>;
  /** @returns the next products after the id `after`, in id order */
  page(after: string, limit: number): Promise<Product[]>;
}

interface ProductRow {
  product_id: string;
  product_name: string;
  quantity: number;
  reserved: number | string;
  unit_price: number | string;
  currency: string;
  actor: string;
}

/** A single statement, so that stock and reservations are read as of the same moment. */
const SELECT_PRODUCTS = `
  SELECT p.product_id, p.product_name, p.quantity, p.unit_price, p.currency, p.actor,
         COALESCE((SELECT SUM(l.quantity) FROM reserve_purchase l
                    WHERE l.product_id = p.product_id AND l.expires_at > NOW(3)), 0) AS reserved
    FROM product_details p`;

export function createProductStore(db: Queryable): ProductStore {
  const reader = createCoalescer<readonly string[], ReadonlyMap<string, Product>>({
    batchMax: BATCH_IDS_MAX,
    queueMax: QUEUE_IDS_MAX,
    weightOf: (productIds) => productIds.length,
    run: async (calls) => {
      const productIds = [...new Set(calls.flat())];
      const rows = await db.rows<ProductRow>(`${SELECT_PRODUCTS} WHERE p.product_id IN (?)`, [productIds]);
      const products = new Map(rows.map((row) => [row.product_id, toProduct(row)]));
      return calls.map(() => products);
    },
  });

  return {
    find: (productIds) => (productIds.length === 0 ? Promise.resolve(new Map()) : reader.submit(productIds)),
    page: async (after, limit) => {
      const rows = await db.rows<ProductRow>(
        `${SELECT_PRODUCTS} WHERE p.product_id > ? ORDER BY p.product_id LIMIT ?`,
        [after, limit],
      );
      return rows.map(toProduct);
    },
  };
}

const toProduct = (row: ProductRow): Product => ({
  productId: row.product_id,
  productName: row.product_name,
  onHand: row.quantity,
  reserved: Number(row.reserved),
  unitPrice: BigInt(row.unit_price),
  currency: row.currency,
  actor: row.actor,
});
