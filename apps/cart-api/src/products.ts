import type { Product, StockedProduct } from '@souk/contracts';
import type { InventoryClient, Product as InventoryProduct, ProductPutResult, StockChangeResult } from '@souk/grpc';
import type { IfMatch } from '@souk/http';
import { formatAmount, parseAmount, type Minor } from '@souk/money';
import { AppError, chunksOf } from '@souk/service';

interface ProductChange {
  productID: string;
  productName: string;
  /** Stock on hand; unchanged if absent, and 0 for a new product. */
  quantity?: number | undefined;
  unitPrice: Minor;
  /** The product is changed only if it meets this condition. */
  ifMatch?: IfMatch | undefined;
  actor: string;
}

interface StockDelta {
  /** Identifies the change. A change with a known id has no further effect. */
  changeID: string;
  /** Fingerprint of the request, if it had an idempotency key. */
  fingerprint: string | undefined;
  productID: string;
  delta: number;
  reason?: string | undefined;
  actor: string;
}

export type ProductRefusal =
  | { state: 'stock_reserved'; reserved: number }
  | { state: 'condition_failed' | 'unknown_product' | 'too_much' | 'id_mismatch' | 'id_expired' };

export type ProductResult = ({ state: 'done'; product: StockedProduct } | ProductRefusal) & { isReplayed: boolean };

/** The part of a product that a cart shows. */
export interface PricedProduct {
  productName: string;
  /** The quantity that can still be bought. */
  available: number;
  unitPrice: Minor;
  currency: string;
}

/** The shop's products, which the inventory manager stores. @throws AppError `unavailable` or `timeout` */
export interface Products {
  list(query: { after?: string | undefined; limit: number }): Promise<{ items: Product[]; next: string | null }>;
  /** @returns the product, and its version for `If-Match` @throws AppError `not_found` */
  get(productID: string): Promise<{ product: Product; version: string }>;
  /** @returns the products that exist, by id @throws AppError `overloaded` as well */
  find(productIDs: readonly string[]): Promise<ReadonlyMap<string, PricedProduct>>;
  put(change: ProductChange): Promise<ProductResult>;
  changeStock(change: StockDelta): Promise<ProductResult>;
  ping(): Promise<void>;
  close(): void;
}

/** Maximum number of products per call. */
const CALL_PRODUCTS_MAX = 1_000;
/** Short, so that a cart is shown without prices rather than late. */
const FIND_DEADLINE_MS = 1_500;

export function createProducts(inventory: InventoryClient): Products {
  return {
    list: async ({ after = '', limit }) => {
      const { products, next } = await inventory.listProducts({ after, limit });
      return { items: products.map(presentProduct), next: next === '' ? null : next };
    },
    get: async (productID) => {
      const { products } = await inventory.listProducts({ productIds: [productID] });
      if (!products[0]) throw new AppError('not_found', 'PRODUCT_NOT_FOUND', 'There is no such product');
      return { product: presentProduct(products[0]), version: products[0].version };
    },
    find: async (productIDs) => {
      const pages = await Promise.all(
        chunksOf(productIDs, CALL_PRODUCTS_MAX).map((productIds) =>
          inventory.listProducts({ productIds }, { deadlineMs: FIND_DEADLINE_MS }),
        ),
      );
      const products = pages.flatMap((page) => page.products);
      return new Map(products.map((product) => [product.productId, toPricedProduct(product)]));
    },
    put: async ({ productID, productName, quantity, unitPrice, ifMatch, actor }) => {
      const condition = ifMatch && (ifMatch === 'any version' ? { anyVersion: true } : { versions: [...ifMatch] });
      const put = {
        ...{ productId: productID, productName, unitPrice: formatAmount(unitPrice) },
        ...(quantity === undefined ? {} : { quantity }),
        ...(condition ? { condition } : {}),
      };
      const { results } = await inventory.putProducts({ puts: [put], actor });
      return { ...toResult(results[0]!), isReplayed: false };
    },
    changeStock: async ({ changeID, fingerprint = '', productID, delta, reason = '', actor }) => {
      const change = { changeId: changeID, fingerprint, productId: productID, delta, reason };
      const { results } = await inventory.changeStock({ changes: [change], actor });
      return { ...toResult(results[0]!), isReplayed: results[0]!.isReplay };
    },
    ping: () => inventory.ping(),
    close: () => inventory.close(),
  };
}

function toResult(
  result: Pick<ProductPutResult | StockChangeResult, 'state' | 'product' | 'reserved'>,
): { state: 'done'; product: StockedProduct } | ProductRefusal {
  const { state, product, reserved } = result;
  switch (state) {
    case 'PRODUCT_PUT_STATE_STORED':
    case 'STOCK_CHANGE_STATE_CHANGED':
      if (!product) throw new Error('the inventory returned no product');
      return { state: 'done', product: presentStocked(product) };
    case 'PRODUCT_PUT_STATE_STOCK_RESERVED':
    case 'STOCK_CHANGE_STATE_STOCK_RESERVED':
      return { state: 'stock_reserved', reserved };
    case 'PRODUCT_PUT_STATE_CONDITION_FAILED':
      return { state: 'condition_failed' };
    case 'STOCK_CHANGE_STATE_UNKNOWN_PRODUCT':
      return { state: 'unknown_product' };
    case 'STOCK_CHANGE_STATE_TOO_MUCH':
      return { state: 'too_much' };
    case 'STOCK_CHANGE_STATE_ID_MISMATCH':
      return { state: 'id_mismatch' };
    case 'STOCK_CHANGE_STATE_ID_EXPIRED':
      return { state: 'id_expired' };
    case 'PRODUCT_PUT_STATE_UNSPECIFIED':
    case 'STOCK_CHANGE_STATE_UNSPECIFIED':
    default:
      throw new Error(`the inventory returned the unexpected state ${state}`);
  }
}

function toPricedProduct({ productId, productName, available, unitPrice, currency }: InventoryProduct): PricedProduct {
  const price = parseAmount(unitPrice);
  if (price === undefined) throw new Error(`the inventory returned an invalid price for ${productId}: ${unitPrice}`);
  return { productName, available, unitPrice: price, currency };
}

/** `quantity` is the quantity that can still be bought. */
const presentProduct = ({ productId, productName, available, unitPrice, currency }: InventoryProduct): Product => ({
  productID: productId,
  productName,
  quantity: available,
  unitPrice,
  currency,
});

const presentStocked = (product: InventoryProduct): StockedProduct => ({
  ...presentProduct(product),
  onHand: product.onHand,
  reserved: product.reserved,
});
