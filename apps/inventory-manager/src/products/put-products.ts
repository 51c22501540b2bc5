import { CALL_ENTRIES_MAX, invalid, requireActor, requireCount, requireId } from '@souk/grpc';
import { CURRENCY, parseAmount } from '@souk/money';
import { ON_HAND_MAX, type ProductCondition, type PutAnswer } from '../lane/inventory-state';
import type { Lane } from '../lane/lane';
import { requireInteger, requireName } from '../request-fields';

const UNIT_PRICE_MAX = 999_999_999_999n;

interface ProductPut {
  productId: string;
  productName: string;
  /** A decimal string. */
  unitPrice: string;
  /** Stock on hand; unchanged if absent, and 0 for a new product. */
  quantity?: number | undefined;
  condition?: ProductCondition | undefined;
}

/**
 * Creates products, or replaces their names and prices, and their stock on hand if given.
 * @returns one answer per put, in order
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function putProducts(
  lane: Lane,
  command: { puts: readonly ProductPut[]; actor: string },
): Promise<PutAnswer[]> {
  const actor = requireActor(command.actor);
  requireCount('puts', command.puts.length, CALL_ENTRIES_MAX);
  return lane.submit(
    command.puts.map(({ condition, quantity, ...put }, index) => {
      const field = (name: string) => `puts[${index}].${name}`;
      if (typeof condition === 'object') requireCount(field('condition.versions'), condition.length, CALL_ENTRIES_MAX);
      return {
        kind: 'put',
        product: {
          productId: requireId(field('product_id'), put.productId),
          productName: requireName(field('product_name'), put.productName),
          onHand: quantity === undefined ? undefined : requireInteger(field('quantity'), quantity, 0, ON_HAND_MAX),
          unitPrice: requirePrice(field('unit_price'), put.unitPrice),
          currency: CURRENCY,
          actor,
        },
        condition,
      };
    }),
  );
}

function requirePrice(field: string, text: string): bigint {
  const unitPrice = parseAmount(text);
  if (unitPrice === undefined || unitPrice > UNIT_PRICE_MAX) {
    throw invalid(field, 'must be an amount from 0 to 9999999999.99 with at most two decimals, such as "12.50"');
  }
  return unitPrice;
}
