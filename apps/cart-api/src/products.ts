import type { Product, StockedProduct } from '@souk/contracts';
import type { InventoryClient, Product as InventoryProduct } from '@souk/grpc';
import { formatAmount, type Minor } from '@souk/money';
import { AppError } from '@souk/service';

export interface ProductChange {
  productID: string;
  productName: string;
  /** Stock on hand. */
  quantity: number;
  unitPrice: Minor;
  actor: string;
}

/** The shop's products, which the inventory manager keeps. @throws AppError `unavailable` or `timeout` */
export interface Products {
  list(query: { after?: string | undefined; limit: number }): Promise<{ items: Product[]; next: string | null }>;
  /** @throws AppError `not_found` */
  get(productID: string): Promise<Product>;
  /** @throws AppError `rejected`, STOCK_RESERVED: the stock would fall below what is reserved */
  put(change: ProductChange): Promise<StockedProduct>;
  ping(): Promise<void>;
  close(): void;
}

export function createProducts(inventory: InventoryClient): Products {
  return {
    list: async ({ after = '', limit }) => {
      const { products, next } = await inventory.listProducts({ after, limit });
      return { items: products.map(presentProduct), next: next === '' ? null : next };
    },
    get: async (productID) => {
      const { products } = await inventory.listProducts({ productIds: [productID] });
      if (!products[0]) throw new AppError('not_found', 'PRODUCT_NOT_FOUND', 'There is no such product');
      return presentProduct(products[0]);
    },
    put: async ({ productID, productName, quantity, unitPrice, actor }) => {
      const request = { productId: productID, productName, quantity, unitPrice: formatAmount(unitPrice), actor };
      const { product } = await inventory.upsertProduct(request);
      if (!product) throw new Error('the inventory answered without the product');
      return { ...presentProduct(product), onHand: product.onHand, reserved: product.reserved };
    },
    ping: () => inventory.ping(),
    close: () => inventory.close(),
  };
}

/** `quantity` is what can still be bought. */
const presentProduct = ({ productId, productName, available, unitPrice, currency }: InventoryProduct): Product => ({
  productID: productId,
  productName,
  quantity: available,
  unitPrice,
  currency,
});
