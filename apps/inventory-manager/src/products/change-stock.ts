import { CALL_ENTRIES_MAX, invalid, requireActor, requireCount, requireId, requireText } from '@souk/grpc';
import { ON_HAND_MAX, type StockAnswer } from '../lane/inventory-state';
import type { Lane } from '../lane/lane';
import { requireInteger } from '../request-fields';

const REASON_LENGTH_MAX = 500;
const FINGERPRINT = /^[\x20-\x7e]{0,64}$/;

interface StockDelta {
  /** Identifies the change: a known id returns the first answer. */
  changeId: string;
  /** Fingerprint of the request: a known id with another fingerprint is refused. */
  fingerprint: string;
  productId: string;
  delta: number;
  reason: string;
}

/**
 * Changes the stock on hand of products by a delta, once per change id.
 * @returns one answer per change, in order
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function changeStock(
  lane: Lane,
  command: { changes: readonly StockDelta[]; actor: string },
): Promise<StockAnswer[]> {
  const actor = requireActor(command.actor);
  requireCount('changes', command.changes.length, CALL_ENTRIES_MAX);
  return lane.submit(
    command.changes.map(({ changeId, fingerprint, productId, delta, reason }, index) => {
      const field = (name: string) => `changes[${index}].${name}`;
      if (!FINGERPRINT.test(fingerprint)) throw invalid(field('fingerprint'), 'must have at most 64 ASCII characters');
      return {
        kind: 'change-stock',
        changeId: requireId(field('change_id'), changeId),
        fingerprint,
        productId: requireId(field('product_id'), productId),
        delta: requireInteger(field('delta'), delta, -ON_HAND_MAX, ON_HAND_MAX),
        reason: requireText(field('reason'), reason, REASON_LENGTH_MAX),
        actor,
      };
    }),
  );
}
