import {
  addToCartRoute,
  changeStockRoute,
  checkOutCartRoute,
  orderSchema,
  putProductRoute,
  type CartChangeReply,
  type JobRefusal,
  type OrderState,
  type RouteDeclaration,
} from '@souk/contracts';
import type { Answer, RequestFacts } from '@souk/http';
import { answerCartChange, answerCheckOut, answerProduct, presentOrder } from './answers';
import type { ProductResult } from './products';

const facts: RequestFacts = {
  correlationId: 'c',
  traceparent: undefined,
  startedAt: 0,
  idempotency: undefined,
  caller: {},
  prefer: {},
};
const keyed: RequestFacts = { ...facts, idempotency: { key: 'k', fingerprint: 'f' } };

const order: OrderState = {
  orderID: 'o-1',
  clientID: 'demo-customer',
  status: 'completed',
  error: '',
  code: '',
  items: [{ productID: 'p', quantity: 2, unitPrice: '12.50' }],
  total: '25.00',
  currency: 'USD',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:01.000Z',
};
const stocked = {
  ...{ productID: 'p', productName: 'Lamp', quantity: 3, unitPrice: '1.00', currency: 'USD' },
  ...{ onHand: 5, reserved: 2 },
};
const shortages = [{ productID: 'p', requested: 2, available: 1 }];

/** Expects a status that the route declares, and exactly the fields declared for it. */
function expectDeclared(route: RouteDeclaration, { status, body, headers }: Answer) {
  const declared = route.responses[status];
  expect(declared?.body?.parse(body)).toEqual(body);
  for (const header of Object.keys(headers ?? {})) {
    if (status < 300) expect(declared?.headers).toContain(header);
  }
}

test.each<[string, CartChangeReply, number, object]>([
  ['done', { outcome: 'done', replayed: false }, 200, { status: 'success', error: '' }],
  [
    'an unknown product',
    { outcome: 'refused', replayed: false, code: 'PRODUCT_NOT_FOUND', message: 'm' },
    404,
    { code: 'PRODUCT_NOT_FOUND' },
  ],
  [
    'insufficient stock',
    { outcome: 'refused', replayed: false, code: 'INSUFFICIENT_STOCK', message: 'm', available: 0 },
    409,
    { code: 'INSUFFICIENT_STOCK', available: 0 },
  ],
  ['a key reused with another body', { outcome: 'mismatch' }, 422, { code: 'IDEMPOTENCY_MISMATCH' }],
  ['an expired key', { outcome: 'expired' }, 409, { code: 'IDEMPOTENCY_EXPIRED' }],
])('a cart change gets its declared answer: %s', (_name, reply, status, body) => {
  const answer = answerCartChange(reply, keyed);
  expect(answer).toMatchObject({ status, body });
  expectDeclared(addToCartRoute, answer);
});

test.each<[string, OrderState, number, object]>([
  ['completed', order, 200, { status: 'success', error: '', orderID: 'o-1', total: '25.00', currency: 'USD' }],
  ['processing', { ...order, status: 'processing' }, 202, { status: 'processing', error: '', orderID: 'o-1' }],
  [
    'declined',
    { ...order, status: 'failed', code: 'PAYMENT_DECLINED', error: 'Declined' },
    402,
    { status: 'failed', error: 'Declined', code: 'PAYMENT_DECLINED', orderID: 'o-1' },
  ],
  [
    'declined with a reason',
    { ...order, status: 'failed', code: 'PAYMENT_DECLINED', error: 'Declined', reason: 'NO_WALLET' },
    402,
    { status: 'failed', error: 'Declined', code: 'PAYMENT_DECLINED', orderID: 'o-1', reason: 'NO_WALLET' },
  ],
  [
    'insufficient stock',
    { ...order, status: 'failed', code: 'INSUFFICIENT_STOCK', error: 'Short', shortages },
    409,
    { status: 'failed', error: 'Short', code: 'INSUFFICIENT_STOCK', orderID: 'o-1', items: shortages },
  ],
  [
    'reservation expired',
    { ...order, status: 'failed', code: 'RESERVATION_EXPIRED', error: 'Late' },
    409,
    { status: 'failed', error: 'Late', code: 'RESERVATION_EXPIRED', orderID: 'o-1' },
  ],
])('a checkout gets the declared answer for the state of its order: %s', (_name, state, status, body) => {
  const answer = answerCheckOut(
    { kind: 'order', order: state, isReplayed: true },
    { ...keyed, prefer: { waitMs: 1_000, applied: 'wait=1' } },
  );
  expect(answer).toMatchObject({ status, headers: { 'Idempotency-Replayed': 'true', 'Preference-Applied': 'wait=1' } });
  expect(answer.body).toEqual(body);
  expect(answer.headers?.['Location']).toBe(status === 202 ? '/orders/o-1' : undefined);
  expectDeclared(checkOutCartRoute, answer);
});

test.each<[string, JobRefusal, object]>([
  ['an empty cart', { outcome: 'refused', replayed: true, code: 'CART_EMPTY', message: 'm' }, { code: 'CART_EMPTY' }],
  [
    'products no longer sold',
    { outcome: 'refused', replayed: true, code: 'INSUFFICIENT_STOCK', message: 'm', items: shortages },
    { code: 'INSUFFICIENT_STOCK', items: shortages },
  ],
  [
    'a different total',
    {
      ...{ outcome: 'refused', replayed: true, code: 'TOTAL_CHANGED', message: 'm' },
      ...{ expectedTotal: '1.00', total: '2.00' },
    },
    { status: 'failed', code: 'TOTAL_CHANGED', error: 'm', expectedTotal: '1.00', total: '2.00' },
  ],
])('a checkout that creates no order gets a declared refusal: %s', (_name, reply, body) => {
  const answer = answerCheckOut({ kind: 'refused', reply }, keyed);
  expect(answer).toMatchObject({ status: 409, body, headers: { 'Idempotency-Replayed': 'true' } });
  expectDeclared(checkOutCartRoute, answer);
});

test.each<ProductResult>([
  { state: 'done', product: stocked, isReplayed: true },
  { state: 'stock_reserved', reserved: 2, isReplayed: true },
  { state: 'unknown_product', isReplayed: true },
  { state: 'too_much', isReplayed: false },
  { state: 'id_mismatch', isReplayed: false },
  { state: 'id_expired', isReplayed: false },
])('a stock change gets a declared answer: %j', (result) => {
  const answer = answerProduct(result, keyed);
  expectDeclared(changeStockRoute, answer);
  expect(answer.headers?.['Idempotency-Replayed']).toBe(result.isReplayed ? 'true' : undefined);
});

test.each<ProductResult>([
  { state: 'done', product: stocked, isReplayed: false },
  { state: 'stock_reserved', reserved: 2, isReplayed: false },
  { state: 'condition_failed', isReplayed: false },
])('a product PUT gets a declared answer: %j', (result) =>
  expectDeclared(putProductRoute, answerProduct(result, facts)),
);

test("an answer is marked as replayed only if the request had a key; a redelivered job isn't a replay", () => {
  expect(answerCartChange({ outcome: 'done', replayed: true }, facts).headers).toEqual({});
  expect(answerCartChange({ outcome: 'done', replayed: false }, keyed).headers).toEqual({});
  expect(answerCartChange({ outcome: 'done', replayed: true }, keyed).headers).toEqual({
    'Idempotency-Replayed': 'true',
  });
});

test('clients see exactly the declared fields of an order', () => {
  expect(Object.keys(presentOrder({ ...order, shortages })).sort()).toEqual(Object.keys(orderSchema.shape).sort());
});
