import { createDatabase, type Database } from '@souk/database';
import { randomInt, randomUUID } from 'node:crypto';
import { followLedger } from '../../test/follow-test-ledger';
import { openAccount, recordCharge, recordMovement, recordRefund } from '../../test/record-test-ledger';
import { brokenOf, startTestBooks, WRITERS, type TestBooks } from '../../test/start-test-books';

const AUDITS = 20;
const CUSTOMERS = Array.from({ length: 8 }, () => randomUUID()).sort();
const SHOP = randomUUID();

let books: TestBooks;
let shop: Database;

beforeAll(async () => {
  books = await startTestBooks();
  const timeouts = { acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 };
  shop = createDatabase({ url: books.databases.cart.url, poolSize: WRITERS, ...timeouts });
  await books.wallet.transaction(async (tx) => {
    for (const customer of CUSTOMERS) await openAccount(tx, customer, 'customer');
    await openAccount(tx, SHOP, 'merchant');
  });
});

afterAll(async () => {
  await shop.close();
  await books.drop();
});

/** Takes an order from start to end, each step in its own schema and transaction. */
async function checkOut(customer: string) {
  const [order, amount] = [randomUUID(), randomInt(1, 3_000)];
  await shop.write(
    `INSERT INTO orders (order_id, client_id, total, currency, actor, correlation_id, created_at, updated_at)
     VALUES (?, ?, ?, 'USD', 'test', 'test', NOW(3), NOW(3))`,
    [order, customer, amount],
  );
  const payment = { paymentId: order, from: customer, to: SHOP, amount };
  const isCharged = await books.wallet.transaction((tx) => recordCharge(tx, payment));
  const isCompleted = isCharged && randomInt(3) > 0;
  if (isCharged && !isCompleted) await books.wallet.transaction((tx) => recordRefund(tx, payment));
  const { inventory } = books.schemas;
  await shop.write(`INSERT INTO ${inventory}.reservation (reserve_id, items, actor) VALUES (?, '[]', 'test')`, [order]);
  await shop.write(`INSERT INTO ${inventory}.reservation_outcome (reserve_id, outcome, actor) VALUES (?, ?, 'test')`, [
    ...[order, isCompleted ? 'committed' : 'rolled_back'],
  ]);
  await shop.write('UPDATE orders SET status = ? WHERE order_id = ?', [isCompleted ? 'completed' : 'failed', order]);
}

async function write(isOver: () => boolean) {
  let written = 0;
  for (; !isOver(); written++) {
    const [payer, payee] = [CUSTOMERS[randomInt(8)]!, CUSTOMERS[randomInt(8)]!];
    if (randomInt(2) === 0) await checkOut(payer);
    else if (payer === payee)
      await books.wallet.transaction((tx) => recordMovement(tx, { type: 'deposit', to: payee, amount: 5_000 }));
    else
      await books.wallet.transaction((tx) =>
        recordMovement(tx, { type: 'transfer', from: payer, to: payee, amount: randomInt(1, 900) }),
      );
  }
  return written;
}

/** Follows the ledger as the consumers do, until `isOver`. */
async function follow(isOver: () => boolean) {
  while (!isOver()) await followLedger(books);
}

test('twenty audits find nothing while many clients write and consumers follow', async () => {
  let isOver = false;
  const writers = Array.from({ length: WRITERS }, () => write(() => isOver));
  const following = follow(() => isOver);
  const brokenChecks = [];
  try {
    for (let audits = 0; audits < AUDITS; audits++) brokenChecks.push(brokenOf(await books.audit()));
  } finally {
    isOver = true;
  }
  const written = (await Promise.all(writers)).reduce((sum, count) => sum + count);
  await following;
  expect(written).toBeGreaterThan(WRITERS);
  expect(brokenChecks).toEqual(Array.from({ length: AUDITS }, () => ({})));
  expect(brokenOf(await books.audit())).toEqual({});
  await followLedger(books);
  expect(brokenOf(await books.audit())).toEqual({});
}, 120_000);
