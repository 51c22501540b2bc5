import { eventually } from '@souk/testing';
import { brokenCharges } from './charge-books';
import type { SoukSystem } from './souk-system';

interface ProductBooks {
  product_id: string;
  quantity: number;
  sold: number;
  reserved: number;
}

/** Each product's stock and reservations in the inventory, and its quantity in completed orders. */
export async function productBooks(souk: SoukSystem): Promise<Map<string, ProductBooks>> {
  const rows = await souk.rows<ProductBooks>(
    `SELECT p.product_id, p.quantity,
            COALESCE((SELECT SUM(i.quantity) FROM cart.order_item i JOIN cart.orders o USING (order_id)
                       WHERE i.product_id = p.product_id AND o.status = 'completed'), 0) AS sold,
            COALESCE((SELECT SUM(r.quantity) FROM inventory.reserve_purchase r WHERE r.product_id = p.product_id), 0) AS reserved
       FROM inventory.product_details p`,
  );
  return new Map(
    rows.map((row) => [
      row.product_id,
      { ...row, quantity: Number(row.quantity), sold: Number(row.sold), reserved: Number(row.reserved) },
    ]),
  );
}

/** Waits until no order is processing. */
export function allOrdersEnd(souk: SoukSystem, timeoutMs = 120_000): Promise<void> {
  return eventually(async () => {
    const open = await souk.rows<{ order_id: string }>(
      "SELECT order_id FROM cart.orders WHERE status = 'processing' LIMIT 5",
    );
    if (open.length > 0) throw new Error(`still processing: ${open.map((row) => row.order_id).join(', ')}`);
  }, timeoutMs);
}

/**
 * Checks the books against the promises. Call it once every order has ended.
 * @param stockSet the stock that was set for each product
 * @returns every broken promise, in words
 */
export async function brokenPromises(souk: SoukSystem, stockSet: ReadonlyMap<string, number>): Promise<string[]> {
  const broken: string[] = [];
  const products = await productBooks(souk);
  for (const [productID, set] of stockSet) {
    const { quantity, sold, reserved } = products.get(productID)!;
    if (set - sold !== quantity) broken.push(`${productID}: ${set} set - ${sold} sold is not ${quantity} on hand`);
    if (quantity < 0) broken.push(`${productID}: ${quantity} on hand`);
    if (reserved !== 0) broken.push(`${productID}: ${reserved} still reserved`);
  }
  broken.push(...(await brokenCharges(souk)));
  const outcomes = await souk.rows<{ order_id: string }>(
    `SELECT o.order_id FROM cart.orders o LEFT JOIN inventory.reservation_outcome r ON r.reserve_id = o.order_id
      WHERE (o.status = 'completed') <> (COALESCE(r.outcome, '') = 'committed')`,
  );
  for (const { order_id } of outcomes) broken.push(`order ${order_id} and its reservation disagree`);
  return broken;
}
