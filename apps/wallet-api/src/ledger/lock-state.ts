import type { Queryable } from '@souk/database';
import type { Command } from './decisions/commands';
import type { LedgerState } from './decisions/ledger-state';
import { isId } from './ids';
import { lockPayments, lockWallets, readClock, resolveWallets } from './ledger-store';

/*
 * Every writer takes locks in the same order: idempotency keys, payments and wallets, each sorted, and then new rows, sorted by
 * reference or payment id where these are unique. Accounts are read without a lock, because an account never changes its wallet
 * or its reference. If another replica inserts the same reference or payment in the meantime, the write fails on the unique key
 * and the batch runs again.
 */

/** Locks and reads everything that the commands depend on. */
export async function lockState(tx: Queryable, commands: readonly Command[]): Promise<LedgerState> {
  const paymentIds = commands.flatMap((command) => ('paymentId' in command ? [command.paymentId] : []));
  // Resolving takes no locks, so it shares the round trip that locks the payments. Resolving a name that isn't needed is harmless.
  const possibleNames = namesOf(commands, new Map());
  const [payments, { walletOfAccount, walletOfReference }] = await Promise.all([
    lockPayments(tx, distinct(paymentIds)),
    resolveWallets(tx, {
      accountIds: distinct(possibleNames.accountIds.filter(isId)),
      references: distinct(possibleNames.references),
    }),
  ]);
  const names = namesOf(commands, payments);
  const refundWalletIds = commands.flatMap((command) => {
    const chargedWallets = command.kind === 'cancel' && payments.get(command.paymentId)?.wallets;
    return chargedWallets ? [chargedWallets.payerWalletId, chargedWallets.payeeWalletId] : [];
  });
  const walletIds = [
    ...names.walletIds.filter(isId),
    ...names.accountIds.flatMap((accountId) => walletOfAccount.get(accountId) ?? []),
    ...names.payingReferences.flatMap((reference) => walletOfReference.get(reference) ?? []),
    ...refundWalletIds,
  ];
  const { now, wallets } = await lockWallets(tx, distinct(walletIds));
  return { now: now ?? (await readClock(tx)), wallets, walletOfAccount, walletOfReference, payments };
}

interface Names {
  /** Accounts whose wallets are locked. */
  accountIds: string[];
  walletIds: string[];
  /** References to look up. */
  references: string[];
  /** The references among them whose wallets are locked. */
  payingReferences: string[];
}

function namesOf(commands: readonly Command[], payments: LedgerState['payments']): Names {
  const names: Names = { accountIds: [], walletIds: [], references: [], payingReferences: [] };
  for (const command of commands) {
    if (command.kind === 'open' && command.reference !== null) names.references.push(command.reference);
    if (command.kind === 'transfer') names.walletIds.push(command.fromWalletId, command.toWalletId);
    if (command.kind === 'external') {
      const { target } = command;
      if ('walletId' in target) names.walletIds.push(target.walletId);
      else names.accountIds.push(target.accountId);
    }
    if (command.kind === 'charge' && !payments.has(command.paymentId)) {
      const { payer, payeeReference } = command;
      names.payingReferences.push(payeeReference);
      if ('accountId' in payer) names.accountIds.push(payer.accountId);
      else names.payingReferences.push(payer.reference);
    }
  }
  names.references.push(...names.payingReferences);
  return names;
}

const distinct = (ids: readonly string[]) => [...new Set(ids)].sort();
