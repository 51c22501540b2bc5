import { requireIds } from '@souk/grpc';
import type { Product } from '../lane/inventory-state';
import { requireInteger } from '../request-fields';
import type { ProductStore } from './product-store';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 500;

interface ListProductsQuery {
  after: string;
  /** 0 means the default. */
  limit: number;
  /** If not empty, only these products. */
  productIds: readonly string[];
}

/**
 * Lists products in id order: the named ones, or a page.
 * @returns the products, and the `after` of the next page, which is empty on the last page
 * @throws AppError `invalid`, `unavailable`, `overloaded`
 */
export async function listProducts(
  store: ProductStore,
  { after, limit, productIds }: ListProductsQuery,
): Promise<{ products: Product[]; next: string }> {
  if (productIds.length > 0) {
    const existingProducts = await store.find(requireIds('product_ids', productIds));
    const products = [...new Set(productIds)].flatMap((productId) => existingProducts.get(productId) ?? []);
    return { products: products.sort((a, b) => (a.productId < b.productId ? -1 : 1)), next: '' };
  }
  const pageSize = limit === 0 ? PAGE_DEFAULT : requireInteger('limit', limit, 1, PAGE_MAX);
  // One extra product shows whether there is another page.
  const products = await store.page(after, pageSize + 1);
  const hasMore = products.length > pageSize;
  return { products: products.slice(0, pageSize), next: hasMore ? products[pageSize - 1]!.productId : '' };
}
