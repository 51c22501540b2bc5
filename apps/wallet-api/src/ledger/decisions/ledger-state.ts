import type { Currency, Minor } from '@souk/money';

/** Maximum balance of a wallet including possible refunds, so that a refund always fits. The schema has the same bound. */
export const BALANCE_MAX: Minor = 8_999_999_999_999_999_991n;

/** Transactions that bring money in from outside or take it out. Each type has its own system wallet. */
export type ExternalType = 'replenish' | 'credit' | 'deposit' | 'debit' | 'withdrawal';
export type TransactionType = ExternalType | 'transfer' | 'charge' | 'refund';

/** Charges pay merchants, and refunds may take a merchant's wallet below zero. A customer's wallet never falls below zero. */
export type Role = 'customer' | 'merchant';

export interface Wallet {
  id: string;
  accountId: string;
  amount: Minor;
  currency: Currency;
  mayOverdraw: boolean;
  /** Charged from this wallet and not refunded. This much room is kept free, so that a refund always fits. */
  refundableIn: Minor;
  /** Paid to this wallet by charges and not refunded: the most that refunds may still take from it. */
  refundableOut: Minor;
  /** Number of the account's transactions, including failed ones. */
  sequence: number;
  createdAt: Date;
  updatedAt: Date;
}

/** An account for use outside the ledger, without the internal counters of its wallet. */
export interface Account {
  id: string;
  name: string | null;
  reference: string | null;
  createdAt: Date;
  wallet: Pick<Wallet, 'id' | 'amount' | 'currency' | 'createdAt' | 'updatedAt'>;
}

/** Why a transaction fails: it would overdraw the wallet it leaves, or exceed a limit of the wallet it goes to. */
export type FailureReason = 'INSUFFICIENT_FUNDS' | 'BALANCE_LIMIT';

export interface Posting {
  id: string;
  walletId: string;
  /** Negative if it left the wallet. The postings of a transaction sum to zero. */
  amount: Minor;
  currency: Currency;
  /** `null` for a system wallet, which stores no balance. */
  balanceAfter: Minor | null;
}

export interface Transaction {
  id: string;
  type: TransactionType;
  status: 'completed' | 'failed';
  /** Why it failed; empty if it completed. */
  reason: '' | FailureReason;
  createdAt: Date;
  /** None if it failed. */
  postings: Posting[];
}

/** The effect that a transaction has, or would have had, on a user's account. System accounts have no entries. */
export interface Entry {
  accountId: string;
  walletId: string;
  /** The transaction's number within the account, from 1, without gaps. */
  sequence: number;
  amount: Minor;
  currency: Currency;
}

export type PaymentState = 'charged' | 'declined' | 'cancelled' | 'refunded';
export type DeclineReason = FailureReason | 'NO_WALLET' | 'SAME_WALLET';

/** The payer, as the caller named it. A reference is never looked up as an id: anyone may choose another account's id as one. */
export type Payer = { reference: string } | { accountId: string };

/** The terms of a charge. A repeat must have equal terms, and name the payer in the same way. */
export interface PaymentTerms {
  payer: Payer;
  payeeReference: string;
  amount: Minor;
  currency: Currency;
}

/** A known payment id. Unknown ids are absent from `LedgerState.payments`. */
export interface Payment {
  paymentId: string;
  state: PaymentState;
  /** `null` for a tombstone: cancelled before it was charged. */
  terms: PaymentTerms | null;
  reason: '' | DeclineReason;
  /** The wallets that the money moved between; `null` if the payment was never charged. */
  wallets: { payerWalletId: string; payeeWalletId: string } | null;
  chargeId: string | null;
  refundId: string | null;
  /** Who requested it first. */
  actor: string;
  /** Who cancelled it. */
  cancelledBy: string | null;
}

/** The state on which a batch is decided, read while all its payments and wallets are locked. */
export interface LedgerState {
  /** The database's time, or the latest `updatedAt` of the wallets if that is later. */
  now: Date;
  /** Users' wallets by id. An id that is missing here doesn't exist. */
  wallets: ReadonlyMap<string, Wallet>;
  walletOfAccount: ReadonlyMap<string, string>;
  walletOfReference: ReadonlyMap<string, string>;
  payments: ReadonlyMap<string, Payment>;
}
