import { transactionsExchange } from '@souk/contracts';
import { overwrite, type Transaction } from '@souk/database';
import { outgoing, writeOutbox, type OutboxEntry } from '@souk/messaging';
import { transactionEvent } from '../events/transaction-event';
import type { Changes } from './decisions/commands';
import type { Payer, Payment, Wallet } from './decisions/ledger-state';

const insertInto = (tx: Transaction) => (target: string, rows: readonly unknown[][]) => {
  if (rows.length > 0) tx.defer(`INSERT INTO ${target} VALUES ?`, [rows]);
};
type Insert = ReturnType<typeof insertInto>;

const WALLET_COLUMNS = `wallet (id, account_id, amount, currency, may_overdraw, refundable_in, refundable_out, sequence,
  created_at, updated_at)`;

const PAYMENT_COLUMNS = `payment (payment_id, state, reason, payer_reference, payer_account_id, payee_reference, amount,
  currency, payer_wallet_id, payee_wallet_id, charge_id, refund_id, actor, cancelled_by, created_at, updated_at)`;

/**
 * Writes the changes of a batch, with at most one statement per kind of change. The transaction fails with a duplicate-key error
 * (`isDuplicateKey`) if another replica inserted a reference or a payment first.
 * @param newId creates the ids of the events
 * @returns the messages for the relay to publish once the transaction is committed
 */
export function writeChanges(tx: Transaction, changes: Changes, newId: () => string): OutboxEntry[] {
  const insert = insertInto(tx);
  // The rows that another replica may insert at the same time go first.
  writeAccounts(insert, changes);
  insert(
    PAYMENT_COLUMNS,
    changes.createdPayments.map((payment) => paymentRow(payment, changes.now)),
  );
  // The rows of the next two upserts exist and are locked, so each statement only updates, for all of its rows at once.
  if (changes.updatedPayments.length > 0)
    tx.deferUpsert(
      PAYMENT_COLUMNS,
      changes.updatedPayments.map((payment) => paymentRow(payment, changes.now)),
      overwrite('state', 'refund_id', 'cancelled_by', 'updated_at'),
    );
  if (changes.updatedWallets.length > 0)
    tx.deferUpsert(
      WALLET_COLUMNS,
      changes.updatedWallets.map(walletRow),
      overwrite('amount', 'refundable_in', 'refundable_out', 'sequence', 'updated_at'),
    );
  writeTransactions(insert, changes);
  return writeEvents(tx, insert, changes, newId);
}

function writeAccounts(insert: Insert, { openedAccounts }: Changes): void {
  insert(
    'account (id, name, reference, role, actor, created_at, updated_at)',
    openedAccounts.map(({ account: { id, name, reference, createdAt }, role, actor }) => [
      id,
      name,
      reference,
      role,
      actor,
      createdAt,
      createdAt,
    ]),
  );
  insert(
    WALLET_COLUMNS,
    openedAccounts.map(({ wallet }) => walletRow(wallet)),
  );
}

function writeTransactions(insert: Insert, { transactions }: Changes): void {
  insert(
    '`transaction` (id, type, status, reason, actor, created_at)',
    transactions.map(({ id, type, status, reason, actor, createdAt }) => [id, type, status, reason, actor, createdAt]),
  );
  insert(
    `posting (id, transaction_id, wallet_id, amount, currency, balance_after, sequence, created_at, type, order_id,
       withdrawal_id)`,
    transactions.flatMap(({ id: transactionId, type, orderId, withdrawalId, postings, entries, createdAt }) =>
      postings.map(({ id, walletId, amount, currency, balanceAfter }) => [
        id,
        transactionId,
        walletId,
        amount,
        currency,
        balanceAfter,
        entries.find((entry) => entry.walletId === walletId)?.sequence ?? null,
        createdAt,
        type,
        orderId,
        withdrawalId,
      ]),
    ),
  );
}

function writeEvents(
  tx: Transaction,
  insert: Insert,
  { transactions, now }: Changes,
  newId: () => string,
): OutboxEntry[] {
  const events = transactions.map((transaction) => ({ transaction, message: transactionEvent(transaction, newId()) }));
  insert(
    'event (id, type, transaction_id, payload, created_at)',
    events.map(({ message, transaction }) => [
      message.id,
      message.type,
      transaction.id,
      JSON.stringify(message.data),
      now,
    ]),
  );
  insert(
    'event_entry (account_id, sequence, event_id)',
    events.flatMap(({ message, transaction }) =>
      transaction.entries.map(({ accountId, sequence }) => [accountId, sequence, message.id]),
    ),
  );
  return writeOutbox(
    tx,
    events.map(({ message }) => outgoing(transactionsExchange, message)),
  );
}

const walletRow = (wallet: Wallet) => [
  wallet.id,
  wallet.accountId,
  wallet.amount,
  wallet.currency,
  wallet.mayOverdraw ? 1 : 0,
  wallet.refundableIn,
  wallet.refundableOut,
  wallet.sequence,
  wallet.createdAt,
  wallet.updatedAt,
];

const paymentRow = ({ terms, wallets, ...payment }: Payment, now: Date) => [
  payment.paymentId,
  payment.state,
  payment.reason,
  ...payerColumns(terms?.payer),
  terms?.payeeReference ?? null,
  terms?.amount ?? null,
  terms?.currency ?? null,
  wallets?.payerWalletId ?? null,
  wallets?.payeeWalletId ?? null,
  payment.chargeId,
  payment.refundId,
  payment.actor,
  payment.cancelledBy,
  now,
  now,
];

/** The values of payer_reference and payer_account_id, of which at most one is set. */
function payerColumns(payer: Payer | undefined): (string | null)[] {
  if (!payer) return [null, null];
  return 'accountId' in payer ? [null, payer.accountId] : [payer.reference, null];
}
