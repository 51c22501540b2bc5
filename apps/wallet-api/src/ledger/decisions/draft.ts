import type { Changes } from './commands';
import type { LedgerState, Payment, Wallet } from './ledger-state';

/** The ledger while a batch is being applied. */
export interface Draft {
  now: Date;
  newId: () => string;
  wallets: Map<string, Wallet>;
  walletOfAccount: Map<string, string>;
  walletOfReference: Map<string, string>;
  payments: Map<string, Payment>;
  openedAccounts: Changes['openedAccounts'];
  transactions: Changes['transactions'];
  /** Wallets and payments that the batch changed. */
  changedWalletIds: Set<string>;
  changedPaymentIds: Set<string>;
}

export function beginDraft(state: LedgerState, newId: () => string): Draft {
  return {
    now: state.now,
    newId,
    wallets: new Map([...state.wallets].map(([id, wallet]) => [id, { ...wallet }])),
    walletOfAccount: new Map(state.walletOfAccount),
    walletOfReference: new Map(state.walletOfReference),
    payments: new Map(state.payments),
    openedAccounts: [],
    transactions: [],
    changedWalletIds: new Set(),
    changedPaymentIds: new Set(),
  };
}

/** @returns the changes to write: new and existing rows separately, with accounts, wallets and payments sorted by key */
export function changesOf(before: LedgerState, draft: Draft): Changes {
  const payments = sorted([...draft.changedPaymentIds]).map((id) => draft.payments.get(id)!);
  return {
    now: draft.now,
    openedAccounts: [...draft.openedAccounts].sort((a, b) =>
      compare(a.account.reference ?? '', b.account.reference ?? ''),
    ),
    updatedWallets: sorted([...draft.changedWalletIds])
      .filter((id) => before.wallets.has(id))
      .map((id) => draft.wallets.get(id)!),
    transactions: draft.transactions,
    createdPayments: payments.filter(({ paymentId }) => !before.payments.has(paymentId)),
    updatedPayments: payments.filter(({ paymentId }) => before.payments.has(paymentId)),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (ids: string[]) => ids.sort(compare);
