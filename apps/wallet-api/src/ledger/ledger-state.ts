import type { Currency, Minor } from '@souk/money';

/** What a wallet may hold, refunds that may still come included; so a refund always fits. Also a bound of the schema. */
export const BALANCE_MAX: Minor = 8_999_999_999_999_999_991n;

/** Transactions that bring money in from outside, or take it there; each has a system wallet of its own. */
export type CashType = 'replenish' | 'credit' | 'deposit' | 'debit' | 'withdrawal';
export type TransactionType = CashType | 'transfer' | 'charge' | 'refund';

/** A merchant is paid by charges, and its wallet may fall below zero by refunds; a customer's never does. */
export type Role = 'customer' | 'merchant';

export interface Wallet {
  id: string;
  accountId: string;
  amount: Minor;
  currency: Currency;
  mayOverdraw: boolean;
  /** What was charged from this wallet and not refunded: room that is kept free, so that a refund always fits. */
  refundableIn: Minor;
  /** What charges brought to this wallet and was not refunded: how far refunds may still pull it down. */
  refundableOut: Minor;
  /** How many transactions concerned the account, those that failed included. */
  sequence: number;
  createdAt: Date;
  updatedAt: Date;
}

/** An account as it is shown: the counters of its wallet stay inside. */
export interface Account {
  id: string;
  name: string | null;
  reference: string | null;
  createdAt: Date;
  wallet: Pick<Wallet, 'id' | 'amount' | 'currency' | 'createdAt' | 'updatedAt'>;
}

/** Why a movement is refused: it would overdraw the wallet it leaves, or fill the one it goes to beyond what it may hold. */
export type MovementRefusal = 'INSUFFICIENT_FUNDS' | 'BALANCE_LIMIT';

export interface Posting {
  id: string;
  walletId: string;
  /** Signed: below zero, it left the wallet. The postings of a transaction sum to zero. */
  amount: Minor;
  currency: Currency;
  /** `null` for a system wallet, which stores no balance. */
  balanceAfter: Minor | null;
}

export interface Transaction {
  id: string;
  type: TransactionType;
  status: 'completed' | 'failed';
  /** Why it failed; empty when it did not. */
  reason: '' | MovementRefusal;
  createdAt: Date;
  /** None when it failed. */
  postings: Posting[];
}

/** What a transaction is, or would have been, to the account of a user. System accounts have no entries. */
export interface Entry {
  accountId: string;
  walletId: string;
  /** The place of the transaction among all of the account, from 1, without gaps. */
  sequence: number;
  amount: Minor;
  currency: Currency;
}

export type PaymentState = 'charged' | 'declined' | 'cancelled' | 'refunded';
export type DeclineReason = MovementRefusal | 'NO_WALLET' | 'SAME_WALLET';

/** Who pays, as the caller named it. A reference is never taken for an id: anybody may choose one that reads like another's id. */
export type Payer = { reference: string } | { accountId: string };

/** What a charge asks for. The same asked again must equal it, down to the way in which the payer is named. */
export interface AskedPayment {
  payer: Payer;
  payeeReference: string;
  amount: Minor;
  currency: Currency;
}

/** What is known of a payment id. Nothing at all is another thing: see `LedgerState.payments`. */
export interface Payment {
  paymentId: string;
  state: PaymentState;
  /** `null` for a tombstone: cancelled before it was charged. */
  asked: AskedPayment | null;
  reason: '' | DeclineReason;
  /** Where the money went from and to; of a payment that was charged. */
  moved: { payerWalletId: string; payeeWalletId: string } | null;
  chargeId: string | null;
  refundId: string | null;
  /** Who asked first. */
  actor: string;
  /** Who cancelled it. */
  cancelledBy: string | null;
}

/** What a batch is decided on: read under the locks of all payments and wallets concerned. */
export interface LedgerState {
  /** The database's clock, or the last moment of any of the wallets where that is later. */
  now: Date;
  /** Users' wallets that exist, by id; an id that is not here does not. */
  wallets: ReadonlyMap<string, Wallet>;
  walletOfAccount: ReadonlyMap<string, string>;
  walletOfReference: ReadonlyMap<string, string>;
  payments: ReadonlyMap<string, Payment>;
}
