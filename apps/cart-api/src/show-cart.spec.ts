import { cartSchema } from '@souk/contracts';
import { AppError, createLogger, unavailable } from '@souk/service';
import type { PricedProduct } from './products';
import { priceCart, showCart } from './show-cart';

const pricedProduct = (productName: string, unitPrice: bigint, available: number): PricedProduct => ({
  ...{ productName, available, unitPrice, currency: 'USD' },
});
const products = new Map([
  ['lamp', pricedProduct('A lamp', 1250n, 2)],
  ['rug', pricedProduct('A rug', 999_999_999_999n, 5)],
]);

test('a cart shows the name, price and line total of each line, and their exact sum', () => {
  const items = [
    { productID: 'lamp', quantity: 3 },
    { productID: 'rug', quantity: 1_000_000 },
  ];
  const cart = priceCart({ clientID: 'c', items }, products);
  expect(cart).toEqual({
    clientID: 'c',
    items: [
      {
        productID: 'lamp',
        productName: 'A lamp',
        quantity: 3,
        unitPrice: '12.50',
        lineTotal: '37.50',
        available: false,
      },
      {
        ...{ productID: 'rug', productName: 'A rug', quantity: 1_000_000 },
        ...{ unitPrice: '9999999999.99', lineTotal: '9999999999990000.00', available: false },
      },
    ],
    total: '9999999999990037.50',
    currency: 'USD',
  });
  expect(cartSchema.parse(cart)).toEqual(cart);
});

test('a line is available if its whole quantity can be bought', () => {
  const availableOf = (quantity: number) =>
    priceCart({ clientID: 'c', items: [{ productID: 'lamp', quantity }] }, products).items[0]!.available;
  expect([availableOf(2), availableOf(3)]).toEqual([true, false]);
});

test('a product that is no longer sold is unavailable and does not count towards the total', () => {
  const items = [
    { productID: 'ghost', quantity: 1 },
    { productID: 'lamp', quantity: 1 },
  ];
  const cart = priceCart({ clientID: 'c', items }, products);
  expect(cart.items[0]).toEqual({
    ...{ productID: 'ghost', productName: null, quantity: 1, unitPrice: null, lineTotal: null, available: false },
  });
  expect(cart.total).toBe('12.50');
  expect(cartSchema.parse(cart)).toEqual(cart);
});

const show = (items: { productID: string; quantity: number }[], find: () => Promise<Map<string, PricedProduct>>) =>
  showCart(
    { queries: { cart: (clientID) => Promise.resolve({ clientID, items }) }, products: { find }, logger },
    { clientID: 'c', origin: { actor: 'c', correlationId: 'c' } },
  );
const logger = createLogger('test', 'silent');

test('an empty cart has the total 0.00, without a call to the inventory', async () => {
  const cart = await show([], () => Promise.reject(new Error('unexpected call')));
  expect(cart).toEqual({ clientID: 'c', items: [], total: '0.00', currency: 'USD' });
});

test.each([
  unavailable('the inventory'),
  new AppError('timeout', 'TIMEOUT', 'm'),
  new AppError('overloaded', 'OVERLOADED', 'm'),
])('a cart is shown without prices when the inventory fails: %s', async (error) => {
  const cart = await show([{ productID: 'lamp', quantity: 2 }], () => Promise.reject(error));
  expect(cart).toEqual({
    clientID: 'c',
    items: [{ productID: 'lamp', productName: null, quantity: 2, unitPrice: null, lineTotal: null, available: null }],
    total: null,
    currency: null,
  });
  expect(cartSchema.parse(cart)).toEqual(cart);
});

test('an error that is a bug is thrown, not hidden', async () => {
  const bug = new AppError('bug', 'INTERNAL', 'm');
  await expect(show([{ productID: 'lamp', quantity: 2 }], () => Promise.reject(bug))).rejects.toBe(bug);
});
