import type { Minor } from '@souk/money';

/** One product of a reservation. A reservation lists each product once, sorted by id. */
export interface Item {
  productId: string;
  quantity: number;
}

/** A line of a reservation that the stock did not cover. */
export interface Shortage {
  productId: string;
  requested: number;
  available: number;
}

export interface Product {
  productId: string;
  productName: string;
  onHand: number;
  /** The quantity held by unexpired reservations. At most `onHand`, unless the database's clock has stepped back. */
  reserved: number;
  unitPrice: Minor;
  currency: string;
  /** The actor who last set the name, price or stock. */
  actor: string;
}

/** Maximum stock on hand of a product. */
export const ON_HAND_MAX = 2 ** 31 - 1;

/** The precondition of a change: the product exists and has one of these versions, or any version. */
export type ProductCondition = 'any version' | readonly string[];

/** How a reservation ended. Final. */
export type Outcome = 'committed' | 'rolled_back' | 'rejected';

/** A reservation in the database. Unknown ids are absent from `InventoryState.reservations`. */
export interface StoredReservation {
  /** `undefined` for a tombstone: rolled back before it was created. */
  items: readonly Item[] | undefined;
  outcome?: Outcome;
  /** Set if the reservation was rejected. */
  shortages?: readonly Shortage[];
  /** Milliseconds since 1970. Set while the reservation has rows in `reserve_purchase`; they hold stock until that moment. */
  expiresAt?: number;
}

/** The state that a batch is decided on, read under the locks of all products involved. */
export interface InventoryState {
  /** The database's clock, milliseconds since 1970. */
  now: number;
  /** How long a new reservation holds its stock, in milliseconds. */
  ttlMs: number;
  /** Products by id; an absent one doesn't exist. */
  products: ReadonlyMap<string, Product>;
  /** Known reservations by id; an absent one is unknown. */
  reservations: ReadonlyMap<string, StoredReservation>;
  /** The stored answers to stock changes, by change id. */
  stockAnswers: ReadonlyMap<string, StoredStockAnswer>;
  /** How long the answer to a stock change is replayed, in milliseconds. */
  answerKeptMs: number;
}

/** The outcome of a stock change. */
export type StockOutcome =
  { state: 'changed'; product: Product } | { state: 'unknown_product' } | { state: 'stock_reserved'; reserved: number };

/** The stored answer to a stock change. */
export interface StoredStockAnswer {
  fingerprint: string;
  outcome: StockOutcome;
  /** Age of the answer in milliseconds. */
  ageMs: number;
}

/** An administrator's change of the stock on hand. */
export interface StockChange {
  productId: string;
  from: number;
  to: number;
  reason: string;
  actor: string;
}

export type Command =
  | { kind: 'reserve'; reserveId: string; items: readonly Item[]; actor: string }
  | { kind: 'commit'; reserveId: string; actor: string }
  | { kind: 'rollback'; reserveId: string; actor: string }
  /** Housekeeping: removes the rows of an expired reservation, which no longer count anyway. */
  | { kind: 'sweep'; reserveId: string }
  | {
      kind: 'put';
      /** Without `onHand` the stock is unchanged. */
      product: Omit<Product, 'reserved' | 'onHand'> & { onHand?: number | undefined };
      condition?: ProductCondition | undefined;
    }
  | {
      kind: 'change-stock';
      changeId: string;
      fingerprint: string;
      productId: string;
      delta: number;
      reason: string;
      actor: string;
    };

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** `expired`, `unknown` and `items_mismatch` aren't outcomes: nothing was changed. */
export type ReservationState = Outcome | 'reserved' | 'expired' | 'unknown' | 'items_mismatch';

export type ReserveAnswer =
  | { state: 'reserved'; expiresAt: number }
  | { state: 'rejected'; shortages: readonly Shortage[] }
  | { state: Exclude<ReservationState, 'reserved' | 'rejected' | 'unknown'> };

export interface Answers {
  reserve: ReserveAnswer;
  commit: { state: Outcome | 'unknown' };
  rollback: { state: Outcome };
  sweep: { isSwept: boolean };
  put: PutAnswer;
  'change-stock': StockAnswer;
}

export type PutAnswer =
  { state: 'stored'; product: Product } | { state: 'stock_reserved'; reserved: number } | { state: 'condition_failed' };

/** Only a `StockOutcome` is stored. The other answers change nothing and are decided anew each time. */
export type StockAnswer =
  (StockOutcome & { isReplay: boolean }) | { state: 'too_much' | 'id_mismatch' | 'id_expired'; isReplay?: undefined };

export type Answer = Answers[Command['kind']];

/** The changes of a batch, each listed once and, unless noted, in key order, so that all replicas write in the same order. */
export interface Changes {
  newReservations: { reserveId: string; items: readonly Item[] | undefined; actor: string }[];
  /** Reservations that hold stock from now on. */
  newHolds: { reserveId: string; items: readonly Item[]; expiresAt: number; actor: string }[];
  /** Reservations that no longer hold stock: their rows are deleted. */
  releasedIds: string[];
  newOutcomes: { reserveId: string; outcome: Outcome; shortages: readonly Shortage[] | undefined; actor: string }[];
  newProducts: Product[];
  changedProducts: Product[];
  /** In the order in which they happened. */
  stockChanges: StockChange[];
  /** Answers to store. */
  stockAnswers: { changeId: string; fingerprint: string; outcome: StockOutcome }[];
}
