import { followLedger } from './follow-test-ledger';
import { openAccount, recordCharge, recordMovement, recordRefund } from './record-test-ledger';
import type { TestBooks } from './start-test-books';

/** Ids that sort after those of the system. */
export const id = (number: number) => `00000000-0000-7000-9000-${String(number).padStart(12, '0')}`;
export const ADA = id(1);
export const BO = id(2);
export const SHOP = id(3);
/** Where deposits come from. */
export const SYSTEM = '00000000-0000-7000-8000-000000000013';
export const [DEPOSIT, TRANSFER, REFUSED, WITHDRAWAL] = [id(11), id(12), id(13), id(14)];
export const [CHARGE, REFUND, CHARGE_DECLINED] = [id(21), id(23), id(24)];
export const ALERT = id(31);
const CHARGE_BACK = id(22);

/** Resets the books to a correct state. */
export async function rewriteBooks(books: TestBooks) {
  await emptyBooks(books);
  await writeLedger(books);
  // Consumers lag behind: they haven't received the last transaction's event yet.
  await followLedger(books, CHARGE_DECLINED);
  await writeAlert(books);
  await writeShop(books);
}

/** Empties the books, except for what the migrations created. */
async function emptyBooks(books: TestBooks) {
  for (const table of ['posting', 'transaction', 'event', 'event_entry', 'payment'])
    await books.run(`DELETE FROM wallet.${table}`);
  await books.run("DELETE FROM wallet.wallet WHERE account_id NOT LIKE '%-8000-%'");
  await books.run("DELETE FROM wallet.account WHERE role <> 'system'");
  await books.run("UPDATE wallet.account SET created_at = '2026-01-01'");
  await books.run("UPDATE wallet.wallet SET amount = NULL, sequence = 0, currency = 'USD'");
  for (const table of ['cart.orders', 'cart.order_item']) await books.run(`DELETE FROM ${table}`);
  for (const table of ['product_details', 'reservation', 'reserve_purchase', 'reservation_outcome', 'stock_change'])
    await books.run(`DELETE FROM inventory.${table}`);
  for (const table of ['progress', 'alert', 'notification', 'analytics_hour', 'analytics_account_hour'])
    await books.run(`DELETE FROM monitoring.${table}`);
}

/** Ada paid for one order and was refunded another; Bo couldn't pay. */
function writeLedger({ wallet }: TestBooks) {
  return wallet.transaction(async (tx) => {
    await openAccount(tx, ADA, 'customer');
    await openAccount(tx, BO, 'customer');
    await openAccount(tx, SHOP, 'merchant');
    await recordMovement(tx, { id: DEPOSIT, type: 'deposit', to: ADA, amount: 10_000 });
    await recordMovement(tx, { id: TRANSFER, type: 'transfer', from: ADA, to: BO, amount: 1_000 });
    await recordMovement(tx, { id: REFUSED, type: 'withdrawal', from: BO, amount: 5_000 });
    await recordMovement(tx, { id: WITHDRAWAL, type: 'withdrawal', from: BO, amount: 400 });
    const refundedPayment = { paymentId: 'order-back', from: ADA, to: SHOP, amount: 700 };
    await recordCharge(tx, { paymentId: 'order-paid', from: ADA, to: SHOP, amount: 2_500, chargeId: CHARGE });
    await recordCharge(tx, { ...refundedPayment, chargeId: CHARGE_BACK });
    await recordRefund(tx, { ...refundedPayment, refundId: REFUND });
    await recordCharge(tx, { paymentId: 'order-poor', from: BO, to: SHOP, amount: 9_000, chargeId: CHARGE_DECLINED });
    await tx.write(
      "INSERT INTO payment (payment_id, state, actor, created_at, updated_at) VALUES ('tombstone', 'cancelled', 'test', NOW(3), NOW(3))",
    );
  });
}

/** Bo received a transfer and then tried to withdraw more than that. */
async function writeAlert(books: TestBooks) {
  const evidence = [TRANSFER, REFUSED].map((transaction_id, index) => ({ transaction_id, sequence: index + 1 }));
  await books.run("INSERT INTO monitoring.alert VALUES (?, ?, 2, 'drained', 'test', ?, NOW(3))", [
    ...[ALERT, BO, JSON.stringify(evidence)],
  ]);
}

/** The orders of the payments above, a free order, and one that is still processing. */
async function writeShop(books: TestBooks) {
  const orders = [
    ['order-paid', ADA, 'completed', 2_500, 'committed'],
    ['order-free', BO, 'completed', 0, 'committed'],
    ['order-back', ADA, 'failed', 700, 'rolled_back'],
    ['order-poor', BO, 'failed', 9_000, 'rolled_back'],
    ['order-open', ADA, 'processing', 100, undefined],
  ] as const;
  for (const product of ['cup', 'lamp'])
    await books.run(
      "INSERT INTO inventory.product_details (product_id, product_name, quantity, unit_price, currency, actor) VALUES (?, ?, 5, 1, 'USD', 'test')",
      [product, product],
    );
  // Two orders took one cup and two lamps each.
  await books.run(
    "INSERT INTO inventory.stock_change (product_id, quantity_from, quantity_to, reason, actor) VALUES ('cup', 0, 7, '', 'test'), ('lamp', 0, 10, '', 'test'), ('lamp', 8, 7, '', 'test')",
  );
  for (const [order, client, status, total, outcome] of orders) {
    await books.run(
      "INSERT INTO cart.orders (order_id, client_id, status, total, currency, actor, correlation_id, created_at, updated_at) VALUES (?, ?, ?, ?, 'USD', 'test', 'test', NOW(3), NOW(3))",
      [order, client, status, total],
    );
    await books.run("INSERT INTO cart.order_item VALUES (?, 'lamp', 2, 100), (?, 'cup', 1, 100)", [order, order]);
    await books.run('INSERT INTO inventory.reservation (reserve_id, items, actor) VALUES (?, ?, ?)', [
      ...[order, '[["cup",1],["lamp",2]]', 'test'],
    ]);
    if (outcome)
      await books.run('INSERT INTO inventory.reservation_outcome (reserve_id, outcome, actor) VALUES (?, ?, ?)', [
        order,
        outcome,
        'test',
      ]);
  }
  await books.run(
    "INSERT INTO inventory.reserve_purchase (reserve_id, product_id, quantity, expires_at, actor) VALUES ('order-open', 'lamp', 5, NOW(3) + INTERVAL 1 HOUR, 'test')",
  );
}
