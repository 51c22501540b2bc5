import fc from 'fast-check';
import type { Stock } from '../inventory';
import type { CartChangeJob } from '../job-kinds';
import type { CartChange, Carts } from './cart-store';
import { decideCartChanges, type CartsState } from './decide-cart-changes';

let jobCount = 0;
function job(type: CartChangeJob['type'], clientID: string, productID: string, quantity = 1): CartChangeJob {
  const data = { clientID, productID, notAfter: 0, ...(type === 'remove-cart-item' ? {} : { quantity }) };
  const id = `job-${++jobCount}`;
  return {
    id,
    type,
    version: 1,
    occurredAt: '',
    correlationId: id,
    causationId: id,
    actor: clientID,
    data,
  } as unknown as CartChangeJob;
}

const stockOf = (products: Record<string, number>): Stock =>
  new Map(Object.entries(products).map(([id, available]) => [id, { available, unitPrice: 100n, currency: 'USD' }]));

const stateOf = (carts: Carts, stock: Stock, linesMax = 1_000): CartsState => ({
  carts,
  lineCounts: new Map([...carts].map(([client, cart]) => [client, cart.size])),
  stock,
  linesMax,
});

/** Applies the changes as the database does. */
function applyChanges(carts: Carts, changes: readonly CartChange[]): Carts {
  const result: Carts = new Map([...carts].map(([client, cart]) => [client, new Map(cart)]));
  for (const { clientID, productID, change } of changes) {
    const cart = result.get(clientID) ?? new Map<string, number>();
    if (change.kind === 'remove') cart.delete(productID);
    else cart.set(productID, change.kind === 'set' ? change.quantity : (cart.get(productID) ?? 0) + change.quantity);
    result.set(clientID, cart);
  }
  return result;
}

test('an add is refused if the cart would hold more than can be bought, and the refusal says how much is available', () => {
  const carts: Carts = new Map([['ann', new Map([['lamp', 3]])]]);
  const { replies, changes } = decideCartChanges(stateOf(carts, stockOf({ lamp: 4 })), [
    job('add-to-cart', 'ann', 'lamp', 2),
  ]);
  expect(replies).toEqual([expect.objectContaining({ outcome: 'refused', code: 'INSUFFICIENT_STOCK', available: 4 })]);
  expect(changes).toEqual([]);
});

test('a product that does not exist is refused, but can still be removed', () => {
  const { replies } = decideCartChanges(stateOf(new Map(), stockOf({})), [
    job('add-to-cart', 'ann', 'ghost'),
    job('remove-cart-item', 'ann', 'ghost'),
  ]);
  expect(replies.map((reply) => reply.outcome)).toEqual(['refused', 'done']);
});

test('an add to a line that was only read stays relative, so that adds by another worker in the meantime are kept', () => {
  const { changes } = decideCartChanges(stateOf(new Map([['ann', new Map([['lamp', 1]])]]), stockOf({ lamp: 9 })), [
    job('add-to-cart', 'ann', 'lamp', 2),
    job('add-to-cart', 'ann', 'lamp', 3),
  ]);
  expect(changes).toEqual([{ clientID: 'ann', productID: 'lamp', change: { kind: 'add', quantity: 5 } }]);
});

test('a batch has the same effect and the same replies as its jobs applied one by one', () => {
  const someJob = fc
    .tuple(
      fc.constantFrom('add-to-cart', 'set-cart-item', 'remove-cart-item'),
      fc.constantFrom('ann', 'bob'),
      fc.constantFrom('lamp', 'rug', 'ghost'),
      fc.integer({ min: 1, max: 6 }),
    )
    .map((parts) => job(...(parts as Parameters<typeof job>)));
  const stock = stockOf({ lamp: 8, rug: 5 });

  fc.assert(
    fc.property(
      fc.array(someJob, { maxLength: 30 }),
      fc.nat(5),
      fc.constantFrom(1, 2, 9),
      (jobs, heldQuantity, linesMax) => {
        const start: Carts = new Map<string, Map<string, number>>(
          heldQuantity > 0 ? [['ann', new Map([['lamp', heldQuantity]])]] : [],
        );
        const together = decideCartChanges(stateOf(start, stock, linesMax), jobs);
        let carts = start;
        const replies = jobs.map((singleJob) => {
          const decision = decideCartChanges(stateOf(carts, stock, linesMax), [singleJob]);
          carts = applyChanges(carts, decision.changes);
          return decision.replies[0];
        });
        expect(together.replies).toEqual(replies);
        const nonEmpty = (someCarts: Carts) =>
          [...someCarts]
            .map(([client, cart]) => [client, [...cart].sort()] as const)
            .filter(([, cart]) => cart.length > 0)
            .sort();
        expect(nonEmpty(applyChanges(start, together.changes))).toEqual(nonEmpty(carts));
      },
    ),
  );
});

test('a full cart refuses another line, accepts more of an existing one, and has room again after a removal', () => {
  const carts: Carts = new Map([['ann', new Map([['lamp', 1], ['rug', 1]])]]); // prettier-ignore
  const { replies } = decideCartChanges(stateOf(carts, stockOf({ lamp: 9, rug: 9, pot: 9, cup: 9 }), 2), [
    job('add-to-cart', 'ann', 'pot'),
    job('set-cart-item', 'ann', 'pot'),
    job('add-to-cart', 'ann', 'lamp'),
    job('add-to-cart', 'bob', 'pot'),
    job('remove-cart-item', 'ann', 'rug'),
    job('add-to-cart', 'ann', 'pot'),
    job('add-to-cart', 'ann', 'cup'),
  ]);
  const full = 'The cart already has 2 lines; it can have at most 2';
  expect(replies.map((reply) => (reply.outcome === 'refused' ? [reply.code, reply.message] : reply.outcome))).toEqual([
    ['CART_FULL', full],
    ['CART_FULL', full],
    'done',
    'done',
    'done',
    'done',
    ['CART_FULL', full],
  ]);
});

test('a line has the same limit whether its quantity is set or added to, and a line above it can be reduced', () => {
  const stock = stockOf({ lamp: 2_000_000_000, rug: 2_000_000_000 });
  const carts: Carts = new Map([['ann', new Map([['lamp', 999_999], ['rug', 12_000_000]])]]); // prettier-ignore
  const { replies, changes } = decideCartChanges(stateOf(carts, stock), [
    job('add-to-cart', 'ann', 'lamp', 1),
    job('add-to-cart', 'ann', 'lamp', 1),
    job('add-to-cart', 'ann', 'rug', 1),
    job('set-cart-item', 'ann', 'rug', 5),
  ]);
  expect(replies.map((reply) => (reply.outcome === 'refused' ? [reply.code, reply.message] : reply.outcome))).toEqual([
    'done',
    ['INVALID_REQUEST', 'quantity must be at most 1000000; the cart would hold 1000001'],
    ['INVALID_REQUEST', 'quantity must be at most 1000000; the cart would hold 12000001'],
    'done',
  ]);
  expect(changes.map(({ change }) => change)).toEqual([
    { kind: 'add', quantity: 1 },
    { kind: 'set', quantity: 5 },
  ]);
});
