import type { Cart, CartContents } from '@souk/contracts';
import { CURRENCY, formatAmount } from '@souk/money';
import { AppError, type Logger } from '@souk/service';
import type { CartQueries, QueryOrigin } from './cart-queries';
import type { PricedProduct, Products } from './products';

interface ShowCartDeps {
  queries: Pick<CartQueries, 'cart'>;
  products: Pick<Products, 'find'>;
  logger: Logger;
}

/**
 * Shows a cart at current prices, or without prices if the inventory doesn't respond.
 * @throws AppError `unavailable` or `timeout` if the cart worker doesn't respond
 */
export async function showCart(
  { queries, products, logger }: ShowCartDeps,
  { clientID, origin }: { clientID: string; origin: QueryOrigin },
): Promise<Cart> {
  const contents = await queries.cart(clientID, origin);
  if (contents.items.length === 0) return priceCart(contents, new Map());
  const productIDs = contents.items.map(({ productID }) => productID);
  const soldProducts = await products.find(productIDs).catch((error: unknown) => {
    if (!(error instanceof AppError && error.retryable)) throw error;
    logger.warn(
      { err: error, correlationId: origin.correlationId },
      'the inventory did not respond; showing the cart without prices',
    );
    return undefined;
  });
  return soldProducts ? priceCart(contents, soldProducts) : unpricedCart(contents);
}

/** @param products the products that are sold; lines of other products are unavailable and don't count towards the total */
export function priceCart({ clientID, items }: CartContents, products: ReadonlyMap<string, PricedProduct>): Cart {
  const lines = items.map(({ productID, quantity }) => {
    const product = products.get(productID);
    const lineTotal = product && product.unitPrice * BigInt(quantity);
    return { productID, quantity, product, lineTotal };
  });
  return {
    clientID,
    items: lines.map(({ productID, quantity, product, lineTotal }) => ({
      productID,
      productName: product?.productName ?? null,
      quantity,
      unitPrice: product ? formatAmount(product.unitPrice) : null,
      lineTotal: lineTotal === undefined ? null : formatAmount(lineTotal),
      available: product !== undefined && product.available >= quantity,
    })),
    total: formatAmount(lines.reduce((sum, { lineTotal = 0n }) => sum + lineTotal, 0n)),
    currency: lines.find(({ product }) => product)?.product?.currency ?? CURRENCY,
  };
}

const unpricedCart = ({ clientID, items }: CartContents): Cart => ({
  clientID,
  items: items.map(({ productID, quantity }) => ({
    ...{ productID, productName: null, quantity },
    ...{ unitPrice: null, lineTotal: null, available: null },
  })),
  total: null,
  currency: null,
});
