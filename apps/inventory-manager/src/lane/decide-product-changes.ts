import { decideRepeat } from '@souk/service';
import {
  ON_HAND_MAX,
  type CommandOf,
  type StoredStockAnswer,
  type Product,
  type ProductCondition,
  type PutAnswer,
  type StockAnswer,
  type StockChange,
  type StockOutcome,
} from './inventory-state';
import { versionOf } from './product-version';

/** The part of a batch's state that product changes read and write. */
export interface ProductDraft {
  products: Map<string, Product>;
  /** Products that the batch changed. */
  changedIds: Set<string>;
  stockChanges: StockChange[];
  /** The stored answers and those of this batch. */
  stockAnswers: Map<string, StoredStockAnswer>;
  answerKeptMs: number;
}

/** Creates or replaces a product, if the condition of the put is met. */
export function putProduct(draft: ProductDraft, { product, condition }: CommandOf<'put'>): PutAnswer {
  const current = draft.products.get(product.productId);
  if (condition !== undefined && !isMet(condition, current)) return { state: 'condition_failed' };
  const reserved = current?.reserved ?? 0;
  const { onHand = current?.onHand ?? 0 } = product;
  if (product.onHand !== undefined && onHand < reserved) return { state: 'stock_reserved', reserved };
  const changed = { ...product, onHand, reserved };
  store(draft, changed, '');
  return { state: 'stored', product: { ...changed } };
}

/** Changes the stock on hand once per id. */
export function changeStock(draft: ProductDraft, command: CommandOf<'change-stock'>): StockAnswer {
  const { changeId, fingerprint } = command;
  const storedAnswer = draft.stockAnswers.get(changeId);
  if (storedAnswer) {
    const decision = decideRepeat(storedAnswer, fingerprint, draft.answerKeptMs);
    if (decision === 'replay') return { ...storedAnswer.outcome, isReplay: true };
    return { state: decision === 'IDEMPOTENCY_MISMATCH' ? 'id_mismatch' : 'id_expired' };
  }
  const outcome = applyDelta(draft, command);
  if (outcome === 'too_much') return { state: 'too_much' };
  draft.stockAnswers.set(changeId, { fingerprint, outcome, ageMs: 0 });
  return { ...outcome, isReplay: false };
}

function applyDelta(
  draft: ProductDraft,
  { productId, delta, reason, actor }: CommandOf<'change-stock'>,
): StockOutcome | 'too_much' {
  const current = draft.products.get(productId);
  if (!current) return { state: 'unknown_product' };
  const onHand = current.onHand + delta;
  // Pieces can be added even while more is reserved than is on hand: see `assertStockCovers`.
  if (onHand < 0 || (delta < 0 && onHand < current.reserved)) {
    return { state: 'stock_reserved', reserved: current.reserved };
  }
  if (onHand > ON_HAND_MAX) return 'too_much';
  const changed = { ...current, onHand, actor };
  if (delta !== 0) store(draft, changed, reason);
  return { state: 'changed', product: { ...changed } };
}

function store(draft: ProductDraft, product: Product, reason: string): void {
  const { productId, onHand, actor } = product;
  const from = draft.products.get(productId)?.onHand ?? 0;
  if (from !== onHand) draft.stockChanges.push({ productId, from, to: onHand, reason, actor });
  draft.products.set(productId, product);
  draft.changedIds.add(productId);
}

const isMet = (condition: ProductCondition, product: Product | undefined) =>
  product !== undefined && (condition === 'any version' || condition.includes(versionOf(product)));
