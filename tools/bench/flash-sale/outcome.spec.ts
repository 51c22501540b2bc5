import { findFault, outcomeOfCheckout, outcomeOfOrder, summarizeSale, type FlashSale } from './outcome';

test.each([
  [200, {}, 'completed'],
  [202, {}, undefined],
  [409, { code: 'INSUFFICIENT_STOCK' }, 'INSUFFICIENT_STOCK'],
  [504, { code: 'TIMEOUT' }, 'TIMEOUT'],
  [502, {}, 'HTTP 502'],
])('a checkout that is answered with %d and %j has the outcome %j', (status, body, outcome) =>
  expect(outcomeOfCheckout(status, body)).toBe(outcome),
);

test.each([
  [{ status: 'processing', code: '' }, undefined],
  [{ status: 'completed', code: '' }, 'completed'],
  [{ status: 'failed', code: 'INSUFFICIENT_STOCK' }, 'INSUFFICIENT_STOCK'],
])('the order %j has the outcome %j', (order, outcome) => expect(outcomeOfOrder(order)).toBe(outcome));

test('a sale is summarised by outcome, and lasts until the last customer has a final answer', () => {
  const outcomes = ['INSUFFICIENT_STOCK', 'completed', 'INSUFFICIENT_STOCK', 'TIMEOUT'];
  const answers = outcomes.map((outcome, index) => ({ outcome, afterMs: 40 - 10 * index }));
  expect(summarizeSale(1, 1, answers)).toEqual({
    ...{ stock: 1, completedOrders: 1, p50Ms: 20, maxMs: 40 },
    outcomes: { completed: 1, INSUFFICIENT_STOCK: 2, TIMEOUT: 1 },
  });
});

const sale = (completedOrders: number, outcomes: FlashSale['outcomes']): FlashSale => ({
  ...{ stock: 2, completedOrders, outcomes, p50Ms: 1, maxMs: 2 },
});

test('a sale of exactly the stock has no fault, whatever the other customers were told', () => {
  expect(findFault(sale(2, { completed: 2, INSUFFICIENT_STOCK: 2 }))).toBeUndefined();
  expect(findFault(sale(2, { completed: 1, INSUFFICIENT_STOCK: 2, TIMEOUT: 1 }))).toBeUndefined();
});

test.each([1, 3])('%d completed orders for 2 pieces are a fault', (completed) =>
  expect(findFault(sale(completed, { completed: 2 }))).toBe(
    `${completed} orders were completed, with 2 pieces in stock`,
  ),
);

test('a customer who was told that an order was completed, but has none, is a fault', () =>
  expect(findFault(sale(2, { completed: 3 }))).toBe(
    '3 customers were told that their order was completed; only 2 orders were',
  ));
