import { addToCartJob, CART_JOBS } from './cart-messages';
import { CHECKOUT_JOBS, runCheckoutJob } from './checkout-messages';
import { createMessage, parseMessage } from './message';

const origin = { actor: 'test', correlationId: 'c', causationId: 'c' };
const encode = (message: unknown) => Buffer.from(JSON.stringify(message));
const checkout = (items: unknown[], more = {}) =>
  createMessage(
    runCheckoutJob,
    { orderID: 'o', clientID: 'c', items, total: '1.00', currency: 'USD', ...more } as never,
    origin,
  );

test('a message with very many faults is described quickly, by the first few and a count', () => {
  const content = encode(checkout(Array.from({ length: 100_000 }, () => ({ productID: 7 }))));
  const cpuOf = (work: () => void) => {
    const startedAt = process.cpuUsage().user;
    work();
    return process.cpuUsage().user - startedAt;
  };
  const validating = cpuOf(() =>
    runCheckoutJob.data.safeParse((JSON.parse(content.toString()) as { data: unknown }).data),
  );
  let parsed!: ReturnType<typeof parseMessage>;
  expect(cpuOf(() => (parsed = parseMessage(CHECKOUT_JOBS, content)))).toBeLessThan(3 * validating);
  if (parsed.ok) throw new Error('the message is not valid');
  expect(parsed.reason).toMatch(/^bad data: items\.0\.productID must be a string; .*; and 299995 more$/);
  expect(parsed.reason.length).toBeLessThan(2_000);
});

test.each(['\ud800', 'a\0', '', ' a', 'a'.repeat(101)])('a message whose id is %j is invalid', (id) => {
  const data = { clientID: 'c', productID: 'p', quantity: 1, notAfter: 0 };
  const job = { ...createMessage(addToCartJob, data, origin), id };
  expect(parseMessage(CART_JOBS, encode(job))).toMatchObject({ ok: false });
  expect(parseMessage(CART_JOBS, encode(createMessage(addToCartJob, { ...data, clientID: id }, origin))).ok).toBe(
    false,
  );
  expect(
    parseMessage(
      CHECKOUT_JOBS,
      encode(checkout([{ productID: 'p', quantity: 1, unitPrice: '1.00' }], { clientID: id })),
    ).ok,
  ).toBe(false);
});

test('an id that a request may have is valid in a message too', () => {
  const id = '🪔'.repeat(100);
  const job = createMessage(addToCartJob, { clientID: id, productID: id, quantity: 1, notAfter: 0 }, { ...origin, id });
  expect(parseMessage(CART_JOBS, encode(job)).ok).toBe(true);
});
