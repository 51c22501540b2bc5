import { exactNumber, WALLET_FAILURES } from '@souk/contracts';
import { answerBy, exactJson } from '@souk/http';
import { formatAmount, type Minor } from '@souk/money';
import type { StatementLine } from './accounts/statement-lines';
import type { Account, Posting, Transaction } from './ledger/decisions/ledger-state';
import { presentPurpose } from './ledger/decisions/payment-purpose';
import type { AccountTransactionResult } from './transactions/external-transactions';
import type { Operation } from './transactions/perform-operation';

/** Turns the result of a use case into an answer, with refusals as the contract declares them. */
export const answer = answerBy({
  ACCOUNT_NOT_FOUND: WALLET_FAILURES.accountNotFound,
  WALLET_NOT_FOUND: WALLET_FAILURES.walletNotFound,
  REFERENCE_TAKEN: WALLET_FAILURES.referenceTaken,
  SAME_WALLET: WALLET_FAILURES.sameWallet,
  INSUFFICIENT_FUNDS: WALLET_FAILURES.insufficientFunds,
  BALANCE_LIMIT: WALLET_FAILURES.balanceLimit,
  INVALID_AMOUNT: WALLET_FAILURES.invalidAmount,
  IDEMPOTENCY_MISMATCH: WALLET_FAILURES.keyMismatch,
  IDEMPOTENCY_EXPIRED: WALLET_FAILURES.keyExpired,
});

/** An account as clients see it. */
export const presentAccount = ({ id, name, reference, createdAt, wallet }: Account) => ({
  id,
  name,
  reference,
  created_at: createdAt.toISOString(),
  wallet: { id: wallet.id, amount: formatAmount(wallet.amount), currency: wallet.currency },
});

/** The wallet of an account as clients of `/api/v1/wallets` see it. */
export const presentWallet = ({ id, amount, createdAt, updatedAt }: Account['wallet']) => ({
  id,
  balance: formatAmount(amount),
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

/** A balance, exact to the cent, as a number and as text. */
export const presentBalance = ({ balance }: { balance: Minor }) =>
  exactJson({ balance: exactNumber(balance), amount: formatAmount(balance) });

/** The result of a credit or debit. */
export const presentAccountTransaction = ({ transaction, balance }: Extract<AccountTransactionResult, { ok: true }>) =>
  exactJson({
    status: 'success',
    transaction_id: transaction.id,
    balance: exactNumber(balance),
    amount: formatAmount(balance),
  });

/** A transaction with both its postings. */
export const presentTransaction = ({ id, type, status, createdAt, postings }: Transaction) => ({
  id,
  type,
  status,
  created_at: createdAt.toISOString(),
  postings: postings.map(presentPosting),
});

const presentPosting = ({ id, walletId, amount, currency, balanceAfter }: Posting) => ({
  id,
  wallet_id: walletId,
  amount: formatAmount(amount),
  currency,
  balance_after: balanceAfter === null ? null : formatAmount(balanceAfter),
});

/** A line of a statement. */
export const presentLine = (line: StatementLine) => ({
  ...presentPosting(line),
  transaction_id: line.transactionId,
  type: line.type,
  created_at: line.createdAt.toISOString(),
  ...presentPurpose(line),
});

/** The outcome of an operation of `/api/v1/wallets`. */
export const presentOperation = ({ id, walletId, operationType, amount, status, createdAt }: Operation) => ({
  id,
  wallet_id: walletId,
  operation_type: operationType,
  amount: formatAmount(amount),
  status,
  created_at: createdAt.toISOString(),
});
