import fc from 'fast-check';
import type { Stock } from '../inventory';
import { decideCheckOut } from './decide-check-out';

const now = new Date('2026-01-02T03:04:05.678Z');
const request = { orderID: 'order-1', clientID: 'ann', now };
const stock: Stock = new Map([
  ['lamp', { available: 5, unitPrice: 1250n, currency: 'USD' }],
  ['rug', { available: 5, unitPrice: 1n, currency: 'USD' }],
]);

const decide = (cart: Record<string, number>, expectedTotal?: bigint) =>
  decideCheckOut({ ...request, expectedTotal }, new Map(Object.entries(cart)), stock);

test('an order has every line of the cart with its price, and their exact total', () => {
  expect(decide({ lamp: 2, rug: 3 })).toEqual({
    ok: true,
    order: {
      orderID: 'order-1',
      clientID: 'ann',
      status: 'processing',
      error: '',
      code: '',
      items: [
        { productID: 'lamp', quantity: 2, unitPrice: 1250n },
        { productID: 'rug', quantity: 3, unitPrice: 1n },
      ],
      total: 2503n,
      currency: 'USD',
      createdAt: now,
      updatedAt: now,
    },
  });
});

test('an empty cart is refused', () => {
  expect(decide({})).toMatchObject({ ok: false, refusal: { code: 'CART_EMPTY' } });
});

test('a product that is no longer sold is reported with the requested quantity', () => {
  expect(decide({ ghost: 3 })).toMatchObject({
    ok: false,
    refusal: { code: 'INSUFFICIENT_STOCK', items: [{ productID: 'ghost', requested: 3, available: 0 }] },
  });
});

test('totals are exact at any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_147_483_647 }),
      fc.bigInt({ min: 0n, max: 999_999_999_999n }),
      (quantity, unitPrice) => {
        const prices: Stock = new Map([['lamp', { available: quantity, unitPrice, currency: 'USD' }]]);
        const decision = decideCheckOut(request, new Map([['lamp', quantity]]), prices);
        return decision.ok && decision.order.total === unitPrice * BigInt(quantity);
      },
    ),
  );
});

test('an order is created only if its total equals the expected total', () => {
  const cart = { lamp: 2, rug: 50 };
  expect(decide(cart, 2550n)).toMatchObject({ ok: true, order: { total: 2550n } });
  for (const [expectedTotal, text] of [
    [2549n, '25.49'],
    [2551n, '25.51'],
    [0n, '0.00'],
    [255_000n, '2550.00'],
    [10_000_000_000_000_000_002_550n, '100000000000000000025.50'],
  ] as const) {
    expect(decide(cart, expectedTotal)).toEqual({
      ok: false,
      refusal: {
        outcome: 'refused',
        replayed: false,
        code: 'TOTAL_CHANGED',
        message: `The total is 25.50 now, not ${text}`,
        expectedTotal: text,
        total: '25.50',
      },
    });
  }
});

test('unavailable products and an empty cart are reported before a changed total', () => {
  expect(decide({ ghost: 3 }, 100n)).toMatchObject({ refusal: { code: 'INSUFFICIENT_STOCK' } });
  expect(decide({}, 100n)).toMatchObject({ refusal: { code: 'CART_EMPTY' } });
});
