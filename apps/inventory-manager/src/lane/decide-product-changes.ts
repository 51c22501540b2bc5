import {
  ON_HAND_MAX,
  type CommandOf,
  type KnownStockAnswer,
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
  touched: Set<string>;
  stockChanges: StockChange[];
  /** Answers from earlier and from this batch. */
  stockAnswers: Map<string, KnownStockAnswer>;
  answerKeptMs: number;
}

/** Creates or replaces a product; its condition is checked first. */
export function putProduct(draft: ProductDraft, { product, condition }: CommandOf<'put'>): PutAnswer {
  const before = draft.products.get(product.productId);
  if (condition !== undefined && !isMet(condition, before)) return { state: 'condition_failed' };
  const { onHand, ...facts } = product;
  const reserved = before?.reserved ?? 0;
  if (onHand !== undefined && onHand < reserved) return { state: 'stock_reserved', reserved };
  const next = { ...facts, onHand: onHand ?? before?.onHand ?? 0, reserved };
  store(draft, next, '');
  return { state: 'stored', product: { ...next } };
}

/** Changes the stock on hand once per id. */
export function changeStock(draft: ProductDraft, command: CommandOf<'change-stock'>): StockAnswer {
  const { changeId, fingerprint } = command;
  const known = draft.stockAnswers.get(changeId);
  if (known) {
    if (known.fingerprint !== fingerprint) return { state: 'id_mismatch' };
    if (known.ageMs > draft.answerKeptMs) return { state: 'id_expired' };
    return { ...known.outcome, isReplay: true };
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
  const next = { ...before, onHand, actor };
  if (delta !== 0) store(draft, next, reason);
  return { state: 'changed', product: { ...next } };
}

function store(draft: ProductDraft, next: Product, reason: string): void {
  const { productId, onHand, actor } = next;
  const from = draft.products.get(productId)?.onHand ?? 0;
  if (from !== onHand) draft.stockChanges.push({ productId, from, to: onHand, reason, actor });
  draft.products.set(productId, next);
  draft.touched.add(productId);
}

const isMet = (condition: ProductCondition, product: Product | undefined) =>
  product !== undefined && (condition === 'any version' || condition.includes(versionOf(product)));
