import assert from 'node:assert/strict';
import { changeStock, putProduct, type ProductDraft } from './decide-product-changes';
import type {
  Answer,
  Answers,
  Changes,
  Command,
  CommandOf,
  InventoryState,
  Item,
  KnownReservation,
  Outcome,
  Product,
  Shortage,
} from './inventory-state';

/** A reservation's state within the batch, and what the database has of it. */
interface Entry extends KnownReservation {
  /** The actor that created it in this batch, if the database doesn't have it yet. */
  madeBy?: string;
  /** The actor that ended it, if that happened in this batch. */
  endedBy?: string;
  /** Whether the database has rows for it in `reserve_purchase`. */
  hasRows: boolean;
}

interface Draft extends ProductDraft {
  now: number;
  ttlMs: number;
  reservations: Map<string, Entry>;
}

/**
 * Decides a batch: applies the commands one after another to the state of the inventory.
 *
 * Whatever the commands, no product is ever reserved beyond its stock on hand, a reservation holds all of its items or none,
 * and an ended reservation never changes.
 * @returns one answer per command, in order, and the changes to write for the whole batch
 */
export function decideReservations(
  state: InventoryState,
  commands: readonly Command[],
): { answers: Answer[]; changes: Changes } {
  const draft: Draft = {
    now: state.now,
    ttlMs: state.ttlMs,
    products: new Map([...state.products].map(([id, product]) => [id, { ...product }])),
    reservations: new Map(
      [...state.reservations].map(([id, known]) => [id, { ...known, hasRows: known.expiresAt !== undefined }]),
    ),
    touched: new Set(),
    stockChanges: [],
    stockAnswers: new Map(state.stockAnswers),
    answerKeptMs: state.answerKeptMs,
  };
  const answers = commands.map((command) => decide(draft, command));
  assertStockCovers(state, draft);
  return { answers, changes: changesOf(state, draft) };
}

function decide(draft: Draft, command: Command): Answer {
  switch (command.kind) {
    case 'reserve':
      return reserve(draft, command);
    case 'commit':
      return commit(draft, command);
    case 'rollback':
      return rollBack(draft, command);
    case 'sweep':
      return sweep(draft, command);
    case 'put':
      return putProduct(draft, command);
    case 'change-stock':
      return changeStock(draft, command);
  }
}

function reserve(draft: Draft, { reserveId, items, actor }: CommandOf<'reserve'>): Answers['reserve'] {
  const known = draft.reservations.get(reserveId);
  if (known) return presentState(draft, known, items);

  const shortages = shortagesOf(draft, items);
  if (shortages.length > 0) {
    const rejected = { items, outcome: 'rejected', shortages, madeBy: actor, endedBy: actor, hasRows: false } as const;
    draft.reservations.set(reserveId, rejected);
    return { state: 'rejected', shortages };
  }
  const expiresAt = draft.now + draft.ttlMs;
  for (const { productId, quantity } of items) productOf(draft, productId).reserved += quantity;
  draft.reservations.set(reserveId, { items, expiresAt, madeBy: actor, hasRows: false });
  return { state: 'reserved', expiresAt };
}

/** The answer to a repeated reserve. It changes nothing: a known id is never revived. */
function presentState(draft: Draft, known: Entry, items: readonly Item[]): Answers['reserve'] {
  if (known.items && !isSameItems(known.items, items)) return { state: 'mismatch' };
  if (known.outcome === 'rejected') return { state: 'rejected', shortages: known.shortages ?? [] };
  if (known.outcome) return { state: known.outcome };
  if (isLive(draft, known)) return { state: 'reserved', expiresAt: known.expiresAt };
  return { state: 'expired' };
}

function commit(draft: Draft, { reserveId, actor }: CommandOf<'commit'>): Answers['commit'] {
  const known = draft.reservations.get(reserveId);
  if (!known) return { state: 'unknown' };
  if (known.outcome) return { state: known.outcome };

  const items = known.items ?? [];
  release(draft, known);
  // A live reservation has just released what it takes. An expired one competes with newer reservations.
  const outcome: Outcome = shortagesOf(draft, items).length === 0 ? 'committed' : 'rolled_back';
  if (outcome === 'committed') {
    for (const { productId, quantity } of items) {
      productOf(draft, productId).onHand -= quantity;
      draft.touched.add(productId);
    }
  }
  known.outcome = outcome;
  known.endedBy = actor;
  return { state: outcome };
}

function rollBack(draft: Draft, { reserveId, actor }: CommandOf<'rollback'>): Answers['rollback'] {
  const known = draft.reservations.get(reserveId);
  if (!known) {
    // A tombstone: a later reserve is refused.
    const tombstone: Entry = {
      items: undefined,
      outcome: 'rolled_back',
      madeBy: actor,
      endedBy: actor,
      hasRows: false,
    };
    draft.reservations.set(reserveId, tombstone);
    return { state: 'rolled_back' };
  }
  if (known.outcome) return { state: known.outcome };
  release(draft, known);
  known.outcome = 'rolled_back';
  known.endedBy = actor;
  return { state: 'rolled_back' };
}

function sweep(draft: Draft, { reserveId }: CommandOf<'sweep'>): Answers['sweep'] {
  const known = draft.reservations.get(reserveId);
  if (!known || known.expiresAt === undefined || isLive(draft, known)) return { isSwept: false };
  delete known.expiresAt;
  return { isSwept: true };
}

function isLive(draft: Draft, known: Entry): known is Entry & { expiresAt: number } {
  return known.expiresAt !== undefined && known.expiresAt > draft.now;
}

/** Releases the stock that a reservation still holds, if any. */
function release(draft: Draft, known: Entry): void {
  if (isLive(draft, known)) {
    for (const { productId, quantity } of known.items ?? []) productOf(draft, productId).reserved -= quantity;
  }
  delete known.expiresAt;
}

function shortagesOf(draft: Draft, items: readonly Item[]): Shortage[] {
  return items.flatMap(({ productId, quantity: requested }) => {
    const product = draft.products.get(productId);
    const available = product ? Math.max(0, product.onHand - product.reserved) : 0;
    return available < requested ? [{ productId, requested, available }] : [];
  });
}

function isSameItems(one: readonly Item[], other: readonly Item[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ productId, quantity }, index) => {
      const twin = other[index];
      return twin?.productId === productId && twin.quantity === quantity;
    })
  );
}

function productOf(draft: Draft, productId: string): Product {
  const product = draft.products.get(productId);
  assert(product, 'stock was reserved of a product that does not exist');
  return product;
}

/** Asserts that no product is oversold, before anything is written. */
function assertStockCovers(before: InventoryState, { products }: Draft): void {
  for (const [id, { onHand, reserved }] of products) {
    assert(onHand >= 0 && reserved >= 0, `stock of ${id} fell below zero: ${onHand} on hand, ${reserved} reserved`);
    // The database's clock may step back and make expired reservations count again; this batch didn't cause that.
    const was = before.products.get(id);
    const excessBefore = was ? Math.max(0, was.reserved - was.onHand) : 0;
    assert(reserved - onHand <= excessBefore, `${id} was oversold: ${onHand} on hand, ${reserved} reserved`);
  }
}

function changesOf(before: InventoryState, draft: Draft): Changes {
  const changes: Changes = {
    ...{ known: [], held: [], released: [], ended: [], created: [], updated: [] },
    stockChanges: draft.stockChanges,
    stockAnswers: sorted(draft.stockAnswers).flatMap(([changeId, { fingerprint, outcome }]) =>
      before.stockAnswers.has(changeId) ? [] : [{ changeId, fingerprint, outcome }],
    ),
  };
  for (const [reserveId, entry] of sorted(draft.reservations)) {
    const { items, madeBy, endedBy, outcome, shortages, expiresAt } = entry;
    if (madeBy !== undefined) changes.known.push({ reserveId, items, actor: madeBy });
    if (madeBy !== undefined && items && expiresAt !== undefined) {
      changes.held.push({ reserveId, items, expiresAt, actor: madeBy });
    }
    if (entry.hasRows && expiresAt === undefined) changes.released.push(reserveId);
    if (endedBy !== undefined && outcome) changes.ended.push({ reserveId, outcome, shortages, actor: endedBy });
  }
  for (const [productId, product] of sorted(draft.products)) {
    if (draft.touched.has(productId)) changes[before.products.has(productId) ? 'updated' : 'created'].push(product);
  }
  return changes;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
