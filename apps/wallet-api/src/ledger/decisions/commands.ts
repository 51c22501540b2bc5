import type { Minor } from '@souk/money';
import type {
  Account,
  DeclineReason,
  Entry,
  ExternalType,
  FailureReason,
  Payment,
  PaymentState,
  PaymentTerms,
  Role,
  Transaction,
  Wallet,
} from './ledger-state';
import type { PaymentPurpose } from './payment-purpose';

/** The caller of a command, and the request that it belongs to. */
export interface Origin {
  actor: string;
  correlationId: string;
}

/** A user's wallet, named by its own id or by the id of its account. */
export type Target = { walletId: string } | { accountId: string };

export type Command = Origin &
  (
    | {
        kind: 'open';
        role: Role;
        name: string | null;
        reference: string | null;
        initialBalance: Minor;
      }
    | { kind: 'external'; type: ExternalType; target: Target; amount: Minor }
    | { kind: 'transfer'; fromWalletId: string; toWalletId: string; amount: Minor }
    | ({ kind: 'charge'; paymentId: string } & PaymentTerms)
    | { kind: 'cancel'; paymentId: string }
  );

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** A recorded refusal has the id of its failed transaction. If an account or wallet isn't found, nothing is recorded. */
export type TransactionAnswer =
  | { ok: true; transaction: Transaction }
  | { ok: false; code: FailureReason; transactionId: string }
  | { ok: false; code: 'ACCOUNT_NOT_FOUND' | 'WALLET_NOT_FOUND'; id: string };

export type PaymentAnswer =
  | { state: PaymentState; reason: '' | DeclineReason }
  /** Nothing was done. */
  | { state: 'invalid'; reason: 'PAYMENT_MISMATCH' | 'PAYEE_NOT_FOUND' };

export interface Answers {
  open: { ok: true; account: Account } | { ok: false; code: 'REFERENCE_TAKEN' | 'BALANCE_LIMIT' };
  external: TransactionAnswer;
  transfer: TransactionAnswer;
  charge: PaymentAnswer;
  cancel: PaymentAnswer;
}

export type Answer = Answers[Command['kind']];

/** A transaction with everything that is written about it. */
export interface RecordedTransaction extends Transaction, Origin, PaymentPurpose {
  entries: Entry[];
}

/**
 * The changes of a batch, each row once. Rows that other replicas may wait for are sorted by their keys, so that all replicas
 * write in the same order.
 */
export interface Changes {
  now: Date;
  openedAccounts: { account: Omit<Account, 'wallet'>; role: Role; wallet: Wallet; actor: string }[];
  /** Wallets that existed before and that the batch changed. */
  updatedWallets: Wallet[];
  /** In the order in which they were applied. */
  transactions: RecordedTransaction[];
  createdPayments: Payment[];
  updatedPayments: Payment[];
}
