import { payeeReferenceOf } from '@souk/contracts';
import { isDeclined, type Declined, type WalletClient } from '@souk/grpc';
import { CURRENCY, type Minor } from '@souk/money';
import { AppError, unavailable } from '@souk/service';

/** The payment of a withdrawal. It has the id of the withdrawal. */
export interface WithdrawalPayment {
  id: string;
  amount: Minor;
  accountId: string;
  actor: string;
}

/** The wallet's final answer to a charge. `ended`: the payment was already cancelled. */
export type ChargeResult = { state: 'charged' } | Declined | { state: 'ended' };

/**
 * Charges an account for pieces that are set aside. May be repeated with the same id.
 * @throws AppError `unavailable` or `overloaded` if the wallet accepts no charges now, `timeout` if the outcome is unknown
 */
export async function chargeAccount(
  wallet: WalletClient,
  machineId: string,
  { id, amount, accountId, actor }: WithdrawalPayment,
): Promise<ChargeResult> {
  const payer = { accountId };
  const payeeReference = payeeReferenceOf(machineId);
  const [answer] = await wallet.charge([{ paymentId: id, payer, payeeReference, amount, currency: CURRENCY, actor }]);
  if (isDeclined(answer!)) return answer;
  switch (answer!) {
    case 'charged':
      return { state: 'charged' };
    case 'cancelled':
    case 'refunded':
      return { state: 'ended' };
    case 'no_payee':
      // The machine has no account in the wallet yet. Until the wallet opens one, no withdrawal can be paid to the machine.
      throw unavailable("the machine's account", unexpectedAnswer(answer));
    case 'mismatch':
    case 'none':
      throw unexpectedAnswer(answer);
  }
}

/** Refunds a charge if it was made, otherwise prevents it for good. May be repeated. @throws AppError like `chargeAccount` */
export async function cancelPayment(wallet: WalletClient, paymentId: string, actor: string): Promise<void> {
  const [state] = await wallet.cancel([paymentId], actor);
  if (state === 'none' || state === 'charged') throw unexpectedAnswer(state);
}

const unexpectedAnswer = (answer: string) =>
  new AppError('bug', 'INTERNAL', `Unexpected answer from the wallet: ${answer}`);
