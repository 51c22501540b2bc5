import { invalid, requireActor, requireId } from '@souk/grpc';
import { CURRENCY, parseAmount } from '@souk/money';
import { AppError } from '@souk/service';
import type { Product } from './lane/inventory-state';
import type { Lane } from './lane/lane';
import { QUANTITY_MAX, requireInteger, requireName } from './request-fields';

const UNIT_PRICE_MAX = 999_999_999_999n;

export interface UpsertProductCommand {
  productId: string;
  productName: string;
  /** Stock on hand. */
  quantity: number;
  /** Decimal text. */
  unitPrice: string;
  actor: string;
}

/**
 * Creates a product, or replaces its name, price and stock on hand.
 * @throws AppError `rejected` with code STOCK_RESERVED and `reserved` when the stock would fall below that; `invalid`,
 * `unavailable`, `timeout`, `overloaded`
 */
export async function upsertProduct(lane: Lane, command: UpsertProductCommand): Promise<Product> {
  const unitPrice = parseAmount(command.unitPrice);
  const product = {
    productId: requireId('product_id', command.productId),
    productName: requireName('product_name', command.productName),
    onHand: requireInteger('quantity', command.quantity, 0, QUANTITY_MAX),
    unitPrice: unitPrice ?? -1n,
    currency: CURRENCY,
    actor: requireActor(command.actor),
  };
  if (unitPrice === undefined || unitPrice > UNIT_PRICE_MAX) {
    throw invalid('unit_price', 'must be an amount from 0 to 9999999999.99 with at most two decimals, such as "12.50"');
  }
  const [answer] = await lane.submit([{ kind: 'upsert', product }]);
  if (answer!.ok) return answer!.product;
  const { reserved } = answer!;
  throw new AppError('rejected', 'STOCK_RESERVED', `${reserved} are reserved; the stock can not be set below that`, {
    details: { reserved },
  });
}
