import type { Queryable } from '@souk/database';
import type { Command } from './commands';
import type { LedgerState } from './ledger-state';
import { lockPayments, lockWallets, readClock, resolveWallets } from './lock-store';
import { isId } from './new-id';

/*
 * The order of locks, the same for every writer: idempotency keys, sorted; payments, sorted; wallets, sorted; then new rows,
 * those with a unique reference or payment id sorted by it. What accounts there are is read without a lock: an account keeps
 * its wallet and its reference for ever. A reference or a payment that another replica makes known meanwhile collides on its
 * unique key when it is written, and the batch runs again.
 */

/** Locks what the commands concern, and reads it. */
export async function lockState(tx: Queryable, commands: readonly Command[]): Promise<LedgerState> {
  const paymentIds = commands.flatMap((command) => ('paymentId' in command ? [command.paymentId] : []));
  const payments = await lockPayments(tx, distinct(paymentIds));

  const named = namesOf(commands, (paymentId) => payments.has(paymentId));
  const { walletOfAccount, walletOfReference } = await resolveWallets(tx, {
    accountIds: distinct(named.accountIds.filter(isId)),
    references: distinct(named.references),
  });
  const refundable = commands.flatMap((command) => {
    const moved = command.kind === 'cancel' && payments.get(command.paymentId)?.moved;
    return moved ? [moved.payerWalletId, moved.payeeWalletId] : [];
  });
  const walletIds = [
    ...named.walletIds.filter(isId),
    ...walletOfAccount.values(),
    ...named.payingReferences.flatMap((reference) => walletOfReference.get(reference) ?? []),
    ...refundable,
  ];
  const { now, wallets } = await lockWallets(tx, distinct(walletIds));
  return { now: now ?? (await readClock(tx)), wallets, walletOfAccount, walletOfReference, payments };
}

interface Names {
  /** Their wallets are to be locked. */
  accountIds: string[];
  walletIds: string[];
  /** Those that are asked about, and of them those whose wallets are to be locked. */
  references: string[];
  payingReferences: string[];
}

function namesOf(commands: readonly Command[], isKnown: (paymentId: string) => boolean): Names {
  const names: Names = { accountIds: [], walletIds: [], references: [], payingReferences: [] };
  for (const command of commands) {
    if (command.kind === 'open' && command.reference !== null) names.references.push(command.reference);
    if (command.kind === 'transfer') names.walletIds.push(command.fromWalletId, command.toWalletId);
    if (command.kind === 'cash') {
      const { target } = command;
      if ('walletId' in target) names.walletIds.push(target.walletId);
      else names.accountIds.push(target.accountId);
    }
    if (command.kind === 'charge' && !isKnown(command.paymentId)) {
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
