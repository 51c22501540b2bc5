import { requireIds } from '@souk/grpc';
import type { Product } from '../lane/inventory-state';
import type { ProductStore } from './product-store';

/**
 * Looks up products.
 * @returns one entry per id, in order; `undefined` for a product that doesn't exist
 * @throws AppError `invalid`, `unavailable`, `overloaded`
 */
export async function checkItems(
  products: ProductStore,
  productIds: readonly string[],
): Promise<(Product | undefined)[]> {
  const existingProducts = await products.find(requireIds('product_ids', productIds));
  return productIds.map((productId) => existingProducts.get(productId));
}
