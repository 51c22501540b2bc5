import fc from 'fast-check';
import type { Stock } from '../carts/decide-cart-changes';
import { decideCheckOut } from './decide-check-out';

const request = { orderID: 'order-1', clientID: 'ann', now: new Date('2026-01-02T03:04:05.678Z') };
const stock: Stock = new Map([
  ['lamp', { available: 5, unitPrice: '12.50', currency: 'USD' }],
  ['rug', { available: 5, unitPrice: '0.01', currency: 'USD' }],
]);

test('an order has every line of the cart, its prices and their exact sum', () => {
  const decision = decideCheckOut(
    request,
    new Map([
      ['lamp', 2],
      ['rug', 3],
    ]),
    new Set(['lamp', 'rug']),
    stock,
  );
  expect(decision).toEqual({
    ok: true,
    order: {
      orderID: 'order-1',
      clientID: 'ann',
      status: 'processing',
      error: '',
      code: '',
      items: [
        { productID: 'lamp', quantity: 2, unitPrice: '12.50' },
        { productID: 'rug', quantity: 3, unitPrice: '0.01' },
      ],
      total: '25.03',
      currency: 'USD',
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
    },
  });
});

test('an empty cart is refused', () => {
  expect(decideCheckOut(request, new Map(), new Set(), stock)).toMatchObject({
    ok: false,
    refusal: { code: 'CART_EMPTY' },
  });
});

test('a line added after the prices were read stays in the cart', () => {
  const decision = decideCheckOut(
    request,
    new Map([
      ['lamp', 1],
      ['rug', 1],
    ]),
    new Set(['lamp']),
    stock,
  );
  expect(decision).toMatchObject({ ok: true, order: { items: [{ productID: 'lamp' }] } });
});

test('a product that is no longer sold is reported with the requested quantity', () => {
  const decision = decideCheckOut(request, new Map([['ghost', 3]]), new Set(['ghost']), stock);
  expect(decision).toMatchObject({
    ok: false,
    refusal: { code: 'INSUFFICIENT_STOCK', items: [{ productID: 'ghost', requested: 3, available: 0 }] },
  });
});

test('totals are exact at any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_147_483_647 }),
      fc.bigInt({ min: 0n, max: 999_999_999_999n }),
      (quantity, minor) => {
        const text = minor.toString().padStart(3, '0');
        const prices: Stock = new Map([
          ['lamp', { available: quantity, unitPrice: `${text.slice(0, -2)}.${text.slice(-2)}`, currency: 'USD' }],
        ]);
        const decision = decideCheckOut(request, new Map([['lamp', quantity]]), new Set(['lamp']), prices);
        const total = decision.ok ? BigInt(decision.order.total.replace('.', '')) : -1n;
        return total === minor * BigInt(quantity);
      },
    ),
  );
});

test('an order is created only if its total equals the expected total, however that is written', () => {
  const cart = new Map([
    ['lamp', 2],
    ['rug', 50],
  ]);
  const decide = (expectedTotal: string) =>
    decideCheckOut({ ...request, expectedTotal }, cart, new Set(cart.keys()), stock);
  for (const same of ['25.5', '25.50']) expect(decide(same)).toMatchObject({ ok: true, order: { total: '25.50' } });
  for (const other of ['25.49', '25.51', '0', '2550', '100000000000000000025.50']) {
    expect(decide(other)).toEqual({
      ok: false,
      refusal: {
        outcome: 'refused',
        replayed: false,
        code: 'TOTAL_CHANGED',
        message: `The total is 25.50 now, not ${other}`,
        expectedTotal: other,
        total: '25.50',
      },
    });
  }
});

test('unavailable products and an empty cart are reported before a changed total', () => {
  const expecting = { ...request, expectedTotal: '1.00' };
  expect(decideCheckOut(expecting, new Map([['ghost', 3]]), new Set(['ghost']), stock)).toMatchObject({
    refusal: { code: 'INSUFFICIENT_STOCK' },
  });
  expect(decideCheckOut(expecting, new Map(), new Set(), stock)).toMatchObject({ refusal: { code: 'CART_EMPTY' } });
});
