import type { Minor } from '@souk/money';
import type {
  Account,
  AskedPayment,
  CashType,
  DeclineReason,
  Entry,
  MovementRefusal,
  Payment,
  PaymentState,
  Role,
  Transaction,
  Wallet,
} from './ledger-state';
import type { PaidFor } from './paid-for';

/** Who asked, and for the sake of which request. */
export interface Origin {
  actor: string;
  correlationId: string;
}

/** Names the wallet of a user, or the account whose wallet is meant. */
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
    | { kind: 'cash'; type: CashType; target: Target; amount: Minor }
    | { kind: 'transfer'; fromWalletId: string; toWalletId: string; amount: Minor }
    | ({ kind: 'charge'; paymentId: string } & AskedPayment)
    | { kind: 'cancel'; paymentId: string }
  );

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** A refusal that was recorded names its failed transaction; of what was not found, nothing is recorded. */
export type MovementAnswer =
  | { ok: true; transaction: Transaction }
  | { ok: false; code: MovementRefusal; transactionId: string }
  | { ok: false; code: 'ACCOUNT_NOT_FOUND' | 'WALLET_NOT_FOUND'; id: string };

export type PaymentAnswer =
  | { state: PaymentState; reason: '' | DeclineReason }
  /** Nothing was done. */
  | { state: 'invalid'; reason: 'PAYMENT_MISMATCH' | 'PAYEE_NOT_FOUND' };

export interface Answers {
  open: { ok: true; account: Account } | { ok: false; code: 'REFERENCE_TAKEN' | 'BALANCE_LIMIT' };
  cash: MovementAnswer;
  transfer: MovementAnswer;
  charge: PaymentAnswer;
  cancel: PaymentAnswer;
}

export type Answer = Answers[Command['kind']];

/** What a batch changes, each thing once; what others wait for in the order of its key, so that replicas write in one order. */
export interface Changes {
  now: Date;
  opened: { account: Omit<Account, 'wallet'>; role: Role; wallet: Wallet; actor: string }[];
  /** Wallets that existed before and were concerned. */
  updated: Wallet[];
  /** In the order of application. */
  transactions: (Transaction & Origin & PaidFor & { entries: Entry[] })[];
  createdPayments: Payment[];
  updatedPayments: Payment[];
}
