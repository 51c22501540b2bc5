import fc from 'fast-check';
import { decideReservations } from './decide-reservations';
import type {
  Answer,
  Changes,
  Command,
  InventoryState,
  Item,
  StoredReservation,
  StoredStockAnswer,
  Product,
  ProductCondition,
  StockChange,
} from './inventory-state';
import { versionOf } from './product-version';

const NOW = 1_000_000;
const TTL_MS = 10_000;
const ANSWER_KEPT_MS = 20_000;
const PRODUCT_IDS = ['amphora', 'brass', 'carpet', 'dates'] as const;
const RESERVE_IDS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'] as const;

const product = (productId: string, onHand: number, reserved = 0): Product => ({
  productId,
  productName: productId,
  onHand,
  reserved,
  unitPrice: 1_250n,
  currency: 'USD',
  actor: 'seed',
});

const state = (
  products: Product[],
  reservations: Record<string, StoredReservation> = {},
  now = NOW,
): InventoryState => ({
  now,
  ttlMs: TTL_MS,
  products: new Map(products.map((entry) => [entry.productId, entry])),
  reservations: new Map(Object.entries(reservations)),
  stockAnswers: new Map(),
  answerKeptMs: ANSWER_KEPT_MS,
});

const NO_CHANGES: Changes = {
  ...{ newReservations: [], newHolds: [], releasedIds: [], newOutcomes: [], newProducts: [], changedProducts: [] },
  ...{ stockChanges: [], stockAnswers: [] },
};

const reserve = (reserveId: string, ...items: [string, number][]): Command => ({
  kind: 'reserve',
  reserveId,
  items: items.map(([productId, quantity]) => ({ productId, quantity })),
  actor: 'test',
});
const commit = (reserveId: string): Command => ({ kind: 'commit', reserveId, actor: 'test' });
const rollback = (reserveId: string): Command => ({ kind: 'rollback', reserveId, actor: 'test' });
const sweep = (reserveId: string): Command => ({ kind: 'sweep', reserveId });
const put = (productId: string, onHand?: number, condition?: ProductCondition): Command => {
  const { reserved: _, ...rest } = product(productId, 0);
  return { kind: 'put', product: { ...rest, onHand }, condition };
};
const change = (changeId: string, productId: string, delta: number, fingerprint = 'f'): Command => ({
  kind: 'change-stock',
  ...{ changeId, productId, delta, fingerprint },
  reason: 'counted',
  actor: 'test',
});

const statesOf = (answers: Answer[]) => answers.map((answer) => ('state' in answer ? answer.state : answer));

/** Replaces the database: changes are applied to it, and the next state is read from it. */
class InMemoryStore {
  readonly products = new Map<string, Omit<Product, 'reserved'>>();
  readonly reservations = new Map<string, readonly Item[] | undefined>();
  readonly rows = new Map<string, { items: readonly Item[]; expiresAt: number }>();
  readonly outcomes = new Map<string, Changes['newOutcomes'][number]>();
  readonly stockChanges: StockChange[] = [];
  readonly stockAnswers = new Map<string, Omit<StoredStockAnswer, 'ageMs'> & { answeredAt: number }>();

  state(now: number): InventoryState {
    const reservedOf = (id: string) =>
      [...this.rows.values()]
        .filter(({ expiresAt }) => expiresAt > now)
        .flatMap(({ items }) => items)
        .reduce((sum, item) => sum + (item.productId === id ? item.quantity : 0), 0);
    return {
      now,
      ttlMs: TTL_MS,
      products: new Map([...this.products].map(([id, stored]) => [id, { ...stored, reserved: reservedOf(id) }])),
      reservations: new Map(
        [...this.reservations].map(([id, items]) => {
          const end = this.outcomes.get(id);
          const row = this.rows.get(id);
          return [
            id,
            {
              items,
              ...(end && { outcome: end.outcome }),
              ...(end?.shortages && { shortages: end.shortages }),
              ...(row && { expiresAt: row.expiresAt }),
            },
          ];
        }),
      ),
      stockAnswers: new Map(
        [...this.stockAnswers].map(([id, { answeredAt, ...answer }]) => [id, { ...answer, ageMs: now - answeredAt }]),
      ),
      answerKeptMs: ANSWER_KEPT_MS,
    };
  }

  apply(now: number, changes: Changes): void {
    const expectNew = (map: ReadonlyMap<string, unknown>, id: string) => {
      if (map.has(id)) throw new Error(`duplicate key ${id}`);
    };
    for (const newProduct of changes.newProducts) {
      expectNew(this.products, newProduct.productId);
      this.products.set(newProduct.productId, newProduct);
    }
    for (const changedProduct of changes.changedProducts) {
      expect(this.products.has(changedProduct.productId)).toBe(true);
      this.products.set(changedProduct.productId, changedProduct);
    }
    for (const { reserveId, items } of changes.newReservations) {
      expectNew(this.reservations, reserveId);
      this.reservations.set(reserveId, items);
    }
    for (const { reserveId, items, expiresAt } of changes.newHolds) {
      expectNew(this.rows, reserveId);
      this.rows.set(reserveId, { items, expiresAt });
    }
    for (const reserveId of changes.releasedIds) expect(this.rows.delete(reserveId)).toBe(true);
    this.stockChanges.push(...changes.stockChanges);
    for (const { changeId, ...answer } of changes.stockAnswers) {
      expectNew(this.stockAnswers, changeId);
      this.stockAnswers.set(changeId, { ...answer, answeredAt: now });
    }
    for (const newOutcome of changes.newOutcomes) {
      expectNew(this.outcomes, newOutcome.reserveId);
      this.outcomes.set(newOutcome.reserveId, newOutcome);
    }
  }

  run(now: number, commands: Command[]): Answer[] {
    const { answers, changes } = decideReservations(this.state(now), commands);
    this.apply(now, changes);
    return answers;
  }
}

/** The same rules in their simplest form: commands are applied one at a time, and everything is recomputed. */
class NaiveInventory {
  readonly onHand = new Map<string, number>();
  readonly changes = new Map<string, { fingerprint: string; answeredAt: number; answer: string }>();
  readonly reservations = new Map<string, { items?: readonly Item[]; expiresAt: number; end?: string }>();

  available(id: string, now: number, exceptId?: string): number {
    let remaining = this.onHand.get(id) ?? 0;
    for (const [reserveId, { items, expiresAt, end }] of this.reservations) {
      if (end || expiresAt <= now || reserveId === exceptId) continue;
      for (const item of items ?? []) if (item.productId === id) remaining -= item.quantity;
    }
    return remaining;
  }

  run(now: number, command: Command): string {
    if (command.kind === 'put') {
      const { productId, onHand = this.onHand.get(productId) ?? 0 } = command.product;
      if (command.condition && !this.onHand.has(productId)) return 'condition_failed';
      const reserved = (this.onHand.get(productId) ?? 0) - this.available(productId, now);
      if (onHand < reserved) return 'stock_reserved';
      this.onHand.set(productId, onHand);
      return 'stored';
    }
    if (command.kind === 'change-stock') {
      const { changeId, fingerprint, productId, delta } = command;
      const storedAnswer = this.changes.get(changeId);
      if (storedAnswer?.fingerprint !== undefined && storedAnswer.fingerprint !== fingerprint) return 'id_mismatch';
      if (storedAnswer)
        return now - storedAnswer.answeredAt > ANSWER_KEPT_MS ? 'id_expired' : `again ${storedAnswer.answer}`;
      const onHand = this.onHand.get(productId);
      let answer = 'changed';
      if (onHand === undefined) answer = 'unknown_product';
      else if (delta < 0 && this.available(productId, now) + delta < 0) answer = 'stock_reserved';
      else this.onHand.set(productId, onHand + delta);
      this.changes.set(changeId, { fingerprint, answeredAt: now, answer });
      return answer;
    }
    const { kind, reserveId } = command;
    const reservation = this.reservations.get(reserveId);
    const covers = (items: readonly Item[]) =>
      items.every((item) => this.available(item.productId, now, reserveId) >= item.quantity);
    if (kind === 'reserve') {
      if (!reservation) {
        const end = covers(command.items) ? undefined : 'rejected';
        this.reservations.set(reserveId, { items: command.items, expiresAt: now + TTL_MS, ...(end && { end }) });
        return end ?? 'reserved';
      }
      if (reservation.items && JSON.stringify(reservation.items) !== JSON.stringify(command.items))
        return 'items_mismatch';
      return reservation.end ?? (reservation.expiresAt > now ? 'reserved' : 'expired');
    }
    if (kind === 'sweep') return 'swept';
    if (!reservation) {
      if (kind === 'commit') return 'unknown';
      this.reservations.set(reserveId, { expiresAt: 0, end: 'rolled_back' });
      return 'rolled_back';
    }
    if (reservation.end) return reservation.end;
    reservation.end = kind === 'commit' && covers(reservation.items ?? []) ? 'committed' : 'rolled_back';
    if (reservation.end === 'committed') {
      for (const { productId, quantity } of reservation.items ?? []) {
        this.onHand.set(productId, this.onHand.get(productId)! - quantity);
      }
    }
    return reservation.end;
  }
}

const nameOf = (answer: Answer): string => {
  if (!('state' in answer)) return 'swept';
  return 'isReplay' in answer && answer.isReplay ? `again ${answer.state}` : answer.state;
};

const anyItems = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PRODUCT_IDS, 'unheard-of'), fc.integer({ min: 1, max: 6 })), {
    selector: ([id]) => id,
    minLength: 1,
    maxLength: 3,
  })
  .map((items) => items.sort(([a], [b]) => (a < b ? -1 : 1)));
const anyReserveId = fc.constantFrom(...RESERVE_IDS);
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(anyReserveId, anyItems).map(([id, items]) => reserve(id, ...items)) },
  { weight: 3, arbitrary: anyReserveId.map(commit) },
  { weight: 2, arbitrary: anyReserveId.map(rollback) },
  { weight: 2, arbitrary: anyReserveId.map(sweep) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...PRODUCT_IDS),
        fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
        fc.constantFrom(undefined, 'any version' as const),
      )
      .map(([id, n, condition]) => put(id, n, condition)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('c1', 'c2', 'c3', 'c4'),
        fc.constantFrom(...PRODUCT_IDS),
        fc.integer({ min: -6, max: 6 }),
        fc.constantFrom('f', 'f', 'f', 'other'),
      )
      .map((parts) => change(...parts)),
  },
);
/** Batches and the time that elapses before each; a reservation lives for about three batches. */
const anyHistory = fc.array(
  fc.record({ elapsedMs: fc.constantFrom(0, 1, 3_000, TTL_MS), commands: fc.array(anyCommand, { maxLength: 8 }) }),
  { maxLength: 8 },
);

const createStockedStore = () => {
  const store = new InMemoryStore();
  store.run(NOW, [put('amphora', 10), put('brass', 5), put('carpet', 1)]);
  return store;
};

describe('for any commands in any order, the inventory', () => {
  it('behaves like the naive inventory, however the commands are batched', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const store = createStockedStore();
        const naive = new NaiveInventory();
        for (const { productId, onHand } of store.products.values()) naive.onHand.set(productId, onHand);
        let now = NOW;
        for (const { elapsedMs, commands } of history) {
          now += elapsedMs;
          const answers = store.run(now, commands);
          expect(answers.map(nameOf)).toEqual(commands.map((command) => naive.run(now, command)));
          for (const id of PRODUCT_IDS) {
            expect(store.products.get(id)?.onHand).toBe(naive.onHand.get(id));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps recorded changes − committed = on hand, and reserved ≤ on hand', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const store = createStockedStore();
        const expected = new Map<string, number>();
        let recorded = 0;
        let now = NOW;
        for (const { elapsedMs, commands } of history) {
          now += elapsedMs;
          for (const command of commands) {
            const endedBefore = new Set(store.outcomes.keys());
            store.run(now, [command]);
            for (const [reserveId, { outcome }] of store.outcomes) {
              if (outcome !== 'committed' || endedBefore.has(reserveId)) continue;
              for (const { productId, quantity } of store.reservations.get(reserveId) ?? []) {
                expected.set(productId, (expected.get(productId) ?? 0) - quantity);
              }
            }
          }
          for (; recorded < store.stockChanges.length; recorded++) {
            const { productId, from, to } = store.stockChanges[recorded]!;
            expected.set(productId, (expected.get(productId) ?? 0) + to - from);
          }
          for (const { productId, onHand, reserved } of store.state(now).products.values()) {
            expect(onHand).toBe(expected.get(productId) ?? 0);
            expect(reserved).toBeLessThanOrEqual(onHand);
            expect(onHand).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('answers a repeated batch the same way and changes nothing', () => {
    const anyRepeatable = anyCommand.filter(({ kind }) => kind === 'reserve' || kind === 'rollback');
    fc.assert(
      fc.property(anyHistory, fc.array(anyRepeatable, { maxLength: 6 }), (history, last) => {
        const store = createStockedStore();
        let now = NOW;
        for (const { elapsedMs, commands } of history) store.run((now += elapsedMs), commands);
        store.run(now, last);
        const repeated = decideReservations(store.state(now), last);
        const third = decideReservations(store.state(now), last);
        expect(repeated.answers).toEqual(third.answers);
        expect(repeated.changes).toEqual(NO_CHANGES);
      }),
    );
  });

  it('holds no stock for an ended reservation and keeps every outcome', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const store = createStockedStore();
        let now = NOW;
        for (const { elapsedMs, commands } of history) {
          // `InMemoryStore.apply` fails on a second outcome for an id.
          store.run((now += elapsedMs), commands);
          for (const reserveId of store.rows.keys()) expect(store.outcomes.has(reserveId)).toBe(false);
          for (const reserveId of store.outcomes.keys()) expect(store.reservations.has(reserveId)).toBe(true);
        }
      }),
    );
  });
});

describe('a reservation', () => {
  it('holds all of its items or none, and reports every shortage', () => {
    const { answers, changes } = decideReservations(state([product('amphora', 10), product('brass', 2, 1)]), [
      reserve('r1', ['amphora', 3], ['brass', 2], ['nowhere', 1]),
      reserve('r2', ['amphora', 10]),
    ]);
    expect(answers).toEqual([
      {
        state: 'rejected',
        shortages: [
          { productId: 'brass', requested: 2, available: 1 },
          { productId: 'nowhere', requested: 1, available: 0 },
        ],
      },
      { state: 'reserved', expiresAt: NOW + TTL_MS },
    ]);
    expect(changes.newHolds.map(({ reserveId }) => reserveId)).toEqual(['r2']);
    expect(changes.newOutcomes).toEqual([
      { reserveId: 'r1', outcome: 'rejected', shortages: expect.any(Array) as unknown, actor: 'test' },
    ]);
  });

  it('is decided in batch order: the first one gets the last piece', () => {
    const { answers } = decideReservations(state([product('carpet', 1)]), [
      reserve('r1', ['carpet', 1]),
      reserve('r2', ['carpet', 1]),
      rollback('r1'),
      reserve('r3', ['carpet', 1]),
      commit('r3'),
      commit('r2'),
    ]);
    expect(statesOf(answers)).toEqual(['reserved', 'rejected', 'rolled_back', 'reserved', 'committed', 'rejected']);
  });

  it('that is created and committed in one batch leaves no rows behind', () => {
    const { changes } = decideReservations(state([product('carpet', 1)]), [reserve('r1', ['carpet', 1]), commit('r1')]);
    expect(changes).toMatchObject({ newHolds: [], releasedIds: [], newReservations: [{ reserveId: 'r1' }] });
    expect(changes.changedProducts).toMatchObject([{ productId: 'carpet', onHand: 0 }]);
  });

  it.each<[string, StoredReservation, Answer]>([
    [
      'live',
      { items: [{ productId: 'brass', quantity: 1 }], expiresAt: NOW + 1 },
      { state: 'reserved', expiresAt: NOW + 1 },
    ],
    ['just expired', { items: [{ productId: 'brass', quantity: 1 }], expiresAt: NOW }, { state: 'expired' }],
    ['expired and swept', { items: [{ productId: 'brass', quantity: 1 }] }, { state: 'expired' }],
    ['committed', { items: [{ productId: 'brass', quantity: 1 }], outcome: 'committed' }, { state: 'committed' }],
    ['rolled back', { items: [{ productId: 'brass', quantity: 1 }], outcome: 'rolled_back' }, { state: 'rolled_back' }],
    [
      'rejected',
      {
        items: [{ productId: 'brass', quantity: 1 }],
        outcome: 'rejected',
        shortages: [{ productId: 'brass', requested: 1, available: 0 }],
      },
      { state: 'rejected', shortages: [{ productId: 'brass', requested: 1, available: 0 }] },
    ],
    ['rolled back before it was created', { items: undefined, outcome: 'rolled_back' }, { state: 'rolled_back' }],
  ])('that is requested again gets its state and is not revived: %s', (_name, stored, answer) => {
    const { answers, changes } = decideReservations(state([product('brass', 9)], { r1: stored }), [
      reserve('r1', ['brass', 1]),
    ]);
    expect(answers).toEqual([answer]);
    expect(changes).toEqual(NO_CHANGES);
  });

  it.each<[string, StoredReservation]>([
    ['live', { items: [{ productId: 'brass', quantity: 2 }], expiresAt: NOW + 1 }],
    ['expired', { items: [{ productId: 'brass', quantity: 2 }] }],
    ['committed', { items: [{ productId: 'brass', quantity: 2 }], outcome: 'committed' }],
    ['rolled back', { items: [{ productId: 'brass', quantity: 2 }], outcome: 'rolled_back' }],
    ['rejected', { items: [{ productId: 'brass', quantity: 2 }], outcome: 'rejected', shortages: [] }],
  ])('that is requested again with other items is refused: %s', (_name, stored) => {
    const reserved = stored.expiresAt ? 2 : 0;
    const before = state([product('brass', 9, reserved), product('dates', 9)], { r1: stored });
    const conflictingReserves = [
      reserve('r1', ['brass', 1]),
      reserve('r1', ['dates', 2]),
      reserve('r1', ['brass', 2], ['dates', 1]),
    ];
    expect(statesOf(decideReservations(before, conflictingReserves).answers)).toEqual([
      'items_mismatch',
      'items_mismatch',
      'items_mismatch',
    ]);
  });

  it('that has expired frees its stock even before it is swept', () => {
    const expired: StoredReservation = { items: [{ productId: 'carpet', quantity: 1 }], expiresAt: NOW };
    const before = state([product('carpet', 1)], { old: expired });
    const { answers } = decideReservations(before, [reserve('new', ['carpet', 1]), commit('old'), commit('new')]);
    expect(statesOf(answers)).toEqual(['reserved', 'rolled_back', 'committed']);
  });

  it('that has expired is committed if the stock covers it', () => {
    for (const expiresAt of [NOW - 1, undefined]) {
      const old = { items: [{ productId: 'carpet', quantity: 1 }], ...(expiresAt && { expiresAt }) };
      const { answers, changes } = decideReservations(state([product('carpet', 1)], { old }), [commit('old')]);
      expect(statesOf(answers)).toEqual(['committed']);
      expect(changes.releasedIds).toEqual(expiresAt ? ['old'] : []);
      expect(changes.changedProducts).toMatchObject([{ onHand: 0 }]);
    }
  });

  it('with an unknown id: a commit reports that, and a rollback blocks the id forever', () => {
    const { answers, changes } = decideReservations(state([product('carpet', 1)]), [
      commit('r1'),
      rollback('r1'),
      commit('r1'),
      reserve('r1', ['carpet', 1]),
      rollback('r1'),
    ]);
    expect(statesOf(answers)).toEqual(['unknown', 'rolled_back', 'rolled_back', 'rolled_back', 'rolled_back']);
    expect(changes.newReservations).toEqual([{ reserveId: 'r1', items: undefined, actor: 'test' }]);
  });

  it('is rolled back by its commit if the database clock has stepped back and the stock no longer covers it', () => {
    const items = [{ productId: 'carpet', quantity: 1 }];
    // Both count again: the first had expired when the second was created.
    const before = state([product('carpet', 1, 2)], {
      r1: { items, expiresAt: NOW + 1 },
      r2: { items, expiresAt: NOW + 2 },
    });
    const { answers, changes } = decideReservations(before, [commit('r1'), commit('r2')]);
    expect(statesOf(answers)).toEqual(['rolled_back', 'committed']);
    expect(changes.changedProducts).toMatchObject([{ onHand: 0 }]);
  });
});

describe('the stock of a product', () => {
  it('can be set down to the reserved quantity and no further', () => {
    const { answers } = decideReservations(state([product('brass', 9, 4)]), [put('brass', 3), put('brass', 4)]);
    expect(answers).toEqual([
      { state: 'stock_reserved', reserved: 4 },
      { state: 'stored', product: { ...product('brass', 4, 4) } },
    ]);
  });

  it('is available to the next command in the batch', () => {
    const { answers, changes } = decideReservations(state([]), [
      reserve('r1', ['figs', 1]),
      put('figs', 2),
      reserve('r2', ['figs', 2]),
      put('figs', 1),
    ]);
    expect(answers.map(nameOf)).toEqual(['rejected', 'stored', 'reserved', 'stock_reserved']);
    expect(changes.newProducts).toMatchObject([{ productId: 'figs', onHand: 2, reserved: 2 }]);
  });

  it('is unchanged by a put without a quantity, or 0 for a new product', () => {
    const { answers, changes } = decideReservations(state([product('brass', 9, 4)]), [put('brass'), put('figs')]);
    expect(answers).toMatchObject([{ product: { onHand: 9, reserved: 4 } }, { product: { onHand: 0 } }]);
    expect(changes.stockChanges).toEqual([]);
  });

  it('does not prevent a rename, even if more is reserved than on hand', () => {
    expect(statesOf(decideReservations(state([product('brass', 1, 2)]), [put('brass')]).answers)).toEqual(['stored']);
  });

  it('changes by a delta, down to the reserved quantity and up to the maximum stock', () => {
    const stockMax = 2 ** 31 - 1;
    const before = state([product('brass', 9, 4), product('dates', stockMax)]);
    const { answers, changes } = decideReservations(before, [
      change('c1', 'brass', -6),
      change('c2', 'brass', -5),
      change('c3', 'dates', 1),
      change('c4', 'dates', 0),
      change('c5', 'nowhere', 1),
      change('c6', 'dates', -1),
      change('c3', 'dates', 1),
    ]);
    expect(statesOf(answers)).toEqual([
      ...['stock_reserved', 'changed', 'too_much', 'changed', 'unknown_product', 'changed', 'changed'],
    ]);
    expect(changes.stockChanges).toEqual([
      { productId: 'brass', from: 9, to: 4, reason: 'counted', actor: 'test' },
      { productId: 'dates', from: stockMax, to: stockMax - 1, reason: 'counted', actor: 'test' },
      { productId: 'dates', from: stockMax - 1, to: stockMax, reason: 'counted', actor: 'test' },
    ]);
  });

  it('changes once per id; the answer is replayed until it expires', () => {
    const store = createStockedStore();
    const twice = store.run(NOW, [change('c1', 'brass', 2), change('c1', 'brass', 2), change('c1', 'brass', 3, 'g')]);
    expect(twice.map(nameOf)).toEqual(['changed', 'again changed', 'id_mismatch']);
    expect(twice[1]).toEqual({ ...twice[0], isReplay: true });
    store.run(NOW, [put('brass', 100)]);
    expect(store.run(NOW + ANSWER_KEPT_MS, [change('c1', 'brass', 2)])).toEqual([twice[1]]);
    expect(store.run(NOW + ANSWER_KEPT_MS + 1, [change('c1', 'brass', 2)])).toEqual([{ state: 'id_expired' }]);
    expect(store.products.get('brass')?.onHand).toBe(100);
  });
});

describe('a condition of a put', () => {
  const brass = product('brass', 9, 4);

  it.each<[string, string, ProductCondition]>([
    ['any version of a product that exists', 'stored', 'any version'],
    ['the current version', 'stored', [versionOf(brass)]],
    ['the current version among others', 'stored', ['other', versionOf(brass)]],
    ['another version', 'condition_failed', ['other']],
    ['no version at all', 'condition_failed', []],
  ])('that accepts %s makes the put end as %s', (_name, outcome, condition) => {
    const { answers, changes } = decideReservations(state([brass]), [put('brass', 5, condition)]);
    expect(statesOf(answers)).toEqual([outcome]);
    expect(changes.changedProducts).toHaveLength(outcome === 'stored' ? 1 : 0);
  });

  it('that accepts any version is not met by a product that does not exist', () => {
    const { answers } = decideReservations(state([]), [put('figs', 5, 'any version'), put('figs', 5, ['other'])]);
    expect(statesOf(answers)).toEqual(['condition_failed', 'condition_failed']);
  });

  it('is checked before the reserved quantity', () => {
    const { answers } = decideReservations(state([brass]), [put('brass', 1, ['other'])]);
    expect(statesOf(answers)).toEqual(['condition_failed']);
  });

  it('is checked against the state after the earlier commands of the batch', () => {
    const version = [versionOf(brass)];
    const commands = [put('brass', 5, version), put('brass', 6, version)];
    expect(statesOf(decideReservations(state([brass]), commands).answers)).toEqual(['stored', 'condition_failed']);
  });

  it('names a version that depends on the name, the price and the stock on hand, but not on reservations', () => {
    const versions = [
      brass,
      { ...brass, reserved: 0, actor: 'other' },
      { ...brass, productName: 'other' },
      { ...brass, unitPrice: 1n },
      { ...brass, onHand: 8 },
    ].map(versionOf);
    expect(versions[1]).toBe(versions[0]);
    expect(new Set(versions).size).toBe(4);
  });
});
