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

/** The part of a batch that product changes read and write. */
export interface ProductDraft {
  products: Map<string, Product>;
  /** Products that the batch changed. */
  changedIds: Set<string>;
  stockChanges: StockChange[];
  /** Answers from earlier and from this batch. */
  stockAnswers: Map<string, StoredStockAnswer>;
  answerKeptMs: number;
}

/** Creates or replaces a product; its condition is checked first. */
export function putProduct(draft: ProductDraft, { product, condition }: CommandOf<'put'>): PutAnswer {
  const before = draft.products.get(product.productId);
  if (condition !== undefined && !isMet(condition, before)) return { state: 'condition_failed' };
  const reserved = before?.reserved ?? 0;
  const { onHand = before?.onHand ?? 0 } = product;
  if (product.onHand !== undefined && onHand < reserved) return { state: 'stock_reserved', reserved };
  const after = { ...product, onHand, reserved };
  store(draft, after, '');
  return { state: 'stored', product: { ...after } };
}

/** Changes the stock on hand once per id. */
export function changeStock(draft: ProductDraft, command: CommandOf<'change-stock'>): StockAnswer {
  const { changeId, fingerprint } = command;
  const earlier = draft.stockAnswers.get(changeId);
  if (earlier) {
    const decision = decideRepeat(earlier, fingerprint, draft.answerKeptMs);
    if (decision === 'replay') return { ...earlier.outcome, isReplay: true };
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
  const before = draft.products.get(productId);
  if (!before) return { state: 'unknown_product' };
  const onHand = before.onHand + delta;
  // Adding pieces can never go below the reserved quantity.
  if (onHand < 0 || (delta < 0 && onHand < before.reserved)) {
    return { state: 'stock_reserved', reserved: before.reserved };
  }
  if (onHand > ON_HAND_MAX) return 'too_much';
  const after = { ...before, onHand, actor };
  if (delta !== 0) store(draft, after, reason);
  return { state: 'changed', product: { ...after } };
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
