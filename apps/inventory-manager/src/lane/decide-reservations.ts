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
  StoredReservation,
  Outcome,
  Product,
  Shortage,
} from './inventory-state';

/** A reservation's state within the batch, and whether the database has it and its rows. */
interface DraftReservation extends StoredReservation {
  /** The actor who created it in this batch, if the database doesn't have it yet. */
  createdBy?: string;
  /** The actor who ended it, if that happened in this batch. */
  endedBy?: string;
  /** Whether the database has rows for it in `reserve_purchase`. */
  hasRows: boolean;
}

interface Draft extends ProductDraft {
  now: number;
  ttlMs: number;
  reservations: Map<string, DraftReservation>;
}

/**
 * Decides a batch: applies the commands one after another to the state of the inventory.
 *
 * For any commands, no product is reserved beyond its stock on hand, a reservation holds all of its items or none,
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
      [...state.reservations].map(([id, stored]) => [id, { ...stored, hasRows: stored.expiresAt !== undefined }]),
    ),
    changedIds: new Set(),
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
  const reservation = draft.reservations.get(reserveId);
  if (reservation) return answerRepeatedReserve(draft, reservation, items);

  const shortages = shortagesOf(draft, items);
  if (shortages.length > 0) {
    const rejected = {
      items,
      outcome: 'rejected',
      shortages,
      createdBy: actor,
      endedBy: actor,
      hasRows: false,
    } as const;
    draft.reservations.set(reserveId, rejected);
    return { state: 'rejected', shortages };
  }
  const expiresAt = draft.now + draft.ttlMs;
  for (const { productId, quantity } of items) productOf(draft, productId).reserved += quantity;
  draft.reservations.set(reserveId, { items, expiresAt, createdBy: actor, hasRows: false });
  return { state: 'reserved', expiresAt };
}

/** Answers a reserve with a known id. It changes nothing: a known id is never revived. */
function answerRepeatedReserve(
  draft: Draft,
  reservation: DraftReservation,
  items: readonly Item[],
): Answers['reserve'] {
  if (reservation.items && !hasSameItems(reservation.items, items)) return { state: 'items_mismatch' };
  if (reservation.outcome === 'rejected') return { state: 'rejected', shortages: reservation.shortages ?? [] };
  if (reservation.outcome) return { state: reservation.outcome };
  if (isLive(draft, reservation)) return { state: 'reserved', expiresAt: reservation.expiresAt };
  return { state: 'expired' };
}

function commit(draft: Draft, { reserveId, actor }: CommandOf<'commit'>): Answers['commit'] {
  const reservation = draft.reservations.get(reserveId);
  if (!reservation) return { state: 'unknown' };
  if (reservation.outcome) return { state: reservation.outcome };

  const items = reservation.items ?? [];
  release(draft, reservation);
  // A live reservation has just released the stock that it takes now. An expired one competes with newer reservations.
  const outcome: Outcome = shortagesOf(draft, items).length === 0 ? 'committed' : 'rolled_back';
  if (outcome === 'committed') {
    for (const { productId, quantity } of items) {
      productOf(draft, productId).onHand -= quantity;
      draft.changedIds.add(productId);
    }
  }
  reservation.outcome = outcome;
  reservation.endedBy = actor;
  return { state: outcome };
}

function rollBack(draft: Draft, { reserveId, actor }: CommandOf<'rollback'>): Answers['rollback'] {
  const reservation = draft.reservations.get(reserveId);
  if (!reservation) {
    // A tombstone: a later reserve is refused.
    const tombstone: DraftReservation = {
      items: undefined,
      outcome: 'rolled_back',
      createdBy: actor,
      endedBy: actor,
      hasRows: false,
    };
    draft.reservations.set(reserveId, tombstone);
    return { state: 'rolled_back' };
  }
  if (reservation.outcome) return { state: reservation.outcome };
  release(draft, reservation);
  reservation.outcome = 'rolled_back';
  reservation.endedBy = actor;
  return { state: 'rolled_back' };
}

function sweep(draft: Draft, { reserveId }: CommandOf<'sweep'>): Answers['sweep'] {
  const reservation = draft.reservations.get(reserveId);
  if (!reservation || reservation.expiresAt === undefined || isLive(draft, reservation)) return { isSwept: false };
  delete reservation.expiresAt;
  return { isSwept: true };
}

function isLive(draft: Draft, reservation: DraftReservation): reservation is DraftReservation & { expiresAt: number } {
  return reservation.expiresAt !== undefined && reservation.expiresAt > draft.now;
}

/** Releases the stock that a reservation still holds, if any. */
function release(draft: Draft, reservation: DraftReservation): void {
  if (isLive(draft, reservation)) {
    for (const { productId, quantity } of reservation.items ?? []) productOf(draft, productId).reserved -= quantity;
  }
  delete reservation.expiresAt;
}

function shortagesOf(draft: Draft, items: readonly Item[]): Shortage[] {
  return items.flatMap(({ productId, quantity: requested }) => {
    const product = draft.products.get(productId);
    const available = product ? Math.max(0, product.onHand - product.reserved) : 0;
    return available < requested ? [{ productId, requested, available }] : [];
  });
}

/** Both lists are sorted by product. */
const hasSameItems = (items: readonly Item[], otherItems: readonly Item[]): boolean =>
  items.length === otherItems.length &&
  items.every(({ productId, quantity }, index) => {
    const other = otherItems[index]!;
    return other.productId === productId && other.quantity === quantity;
  });

function productOf(draft: Draft, productId: string): Product {
  const product = draft.products.get(productId);
  assert(product, `stock of ${productId} was reserved, but there is no such product`);
  return product;
}

/** Asserts that no product is oversold, before anything is written. */
function assertStockCovers(initialState: InventoryState, { products }: Draft): void {
  for (const [id, { onHand, reserved }] of products) {
    assert(onHand >= 0 && reserved >= 0, `stock of ${id} fell below zero: ${onHand} on hand, ${reserved} reserved`);
    // The database's clock may step back and make expired reservations count again; this batch didn't cause that.
    const initialProduct = initialState.products.get(id);
    const initialExcess = initialProduct ? Math.max(0, initialProduct.reserved - initialProduct.onHand) : 0;
    assert(reserved - onHand <= initialExcess, `${id} was oversold: ${onHand} on hand, ${reserved} reserved`);
  }
}

function changesOf(initialState: InventoryState, draft: Draft): Changes {
  const changes: Changes = {
    ...{ newReservations: [], newHolds: [], releasedIds: [], newOutcomes: [], newProducts: [], changedProducts: [] },
    stockChanges: draft.stockChanges,
    stockAnswers: sorted(draft.stockAnswers).flatMap(([changeId, { fingerprint, outcome }]) =>
      initialState.stockAnswers.has(changeId) ? [] : [{ changeId, fingerprint, outcome }],
    ),
  };
  for (const [reserveId, reservation] of sorted(draft.reservations)) {
    const { items, createdBy, endedBy, outcome, shortages, expiresAt, hasRows } = reservation;
    if (createdBy !== undefined) changes.newReservations.push({ reserveId, items, actor: createdBy });
    if (createdBy !== undefined && items && expiresAt !== undefined) {
      changes.newHolds.push({ reserveId, items, expiresAt, actor: createdBy });
    }
    if (hasRows && expiresAt === undefined) changes.releasedIds.push(reserveId);
    if (endedBy !== undefined && outcome) changes.newOutcomes.push({ reserveId, outcome, shortages, actor: endedBy });
  }
  for (const [productId, product] of sorted(draft.products)) {
    if (!draft.changedIds.has(productId)) continue;
    (initialState.products.has(productId) ? changes.changedProducts : changes.newProducts).push(product);
  }
  return changes;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
