import fc from 'fast-check';
import { decideCheckOut } from './decide-check-out';
import type { Stock } from './decide-cart-changes';

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

test('an empty cart is no order', () => {
  expect(decideCheckOut(request, new Map(), new Set(), stock)).toMatchObject({
    ok: false,
    refusal: { code: 'CART_EMPTY' },
  });
});

test('a row that came after prices were asked for stays in the cart', () => {
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

test('a product that is no longer sold is named with what was asked for', () => {
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
