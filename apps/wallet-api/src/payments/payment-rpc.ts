import type { Database } from '@souk/database';
import {
  CALL_ENTRIES_MAX,
  invalid,
  requireActor,
  requireCount,
  requireId,
  requireIds,
  type GrpcHandlers,
  type Payment as PaymentMessage,
  type PaymentServiceDefinition,
  type PaymentStateMessage,
} from '@souk/grpc';
import { CURRENCY, parseAmount } from '@souk/money';
import { randomUUID } from 'node:crypto';
import type { PaymentAnswer } from '../ledger/decisions/commands';
import type { Payer } from '../ledger/decisions/ledger-state';
import type { Lane } from '../ledger/lane';
import { cancelPayments, chargePayments, getPayments, type ChargeCommand } from './payments';

const STATES: Record<PaymentAnswer['state'], PaymentStateMessage> = {
  charged: 'PAYMENT_STATE_CHARGED',
  declined: 'PAYMENT_STATE_DECLINED',
  cancelled: 'PAYMENT_STATE_CANCELLED',
  refunded: 'PAYMENT_STATE_REFUNDED',
  invalid: 'PAYMENT_STATE_INVALID_ARGUMENT',
};

/**
 * The most digits that a row can hold. An amount above any balance is declined, not refused as invalid: its order must settle.
 */
const DIGITS_MAX = 38;

/** Implements the payment service (proto/wallet/v1) with the use cases. */
export function paymentHandlers({ lane, db }: { lane: Lane; db: Database }): GrpcHandlers<PaymentServiceDefinition> {
  const toResults = (paymentIds: readonly string[], answers: readonly (PaymentAnswer | undefined)[]) => ({
    results: answers.map((answer, index) => ({
      paymentId: paymentIds[index]!,
      state: answer ? STATES[answer.state] : ('PAYMENT_STATE_UNKNOWN' as const),
      reason: answer?.reason ?? '',
    })),
  });

  return {
    charge: async ({ payments, actor }) => {
      requireCount('payments', payments.length, CALL_ENTRIES_MAX);
      const caller = requireActor(actor);
      const charges = payments.map((payment, index) => toCharge(payment, `payments[${index}]`, caller));
      return toResults(
        charges.map(({ paymentId }) => paymentId),
        await chargePayments(lane, charges),
      );
    },
    cancel: async ({ paymentIds, actor }) => {
      requireIds('payment_ids', paymentIds);
      const origin = { actor: requireActor(actor), correlationId: randomUUID() };
      return toResults(paymentIds, await cancelPayments(lane, paymentIds, origin));
    },
    get: async ({ paymentIds }) => {
      requireIds('payment_ids', paymentIds);
      return toResults(paymentIds, await getPayments(db, paymentIds));
    },
  };
}

/** @throws AppError `invalid` */
function toCharge(payment: Required<PaymentMessage>, field: string, caller: string): ChargeCommand {
  const amount = parseAmount(payment.amount);
  if (amount === undefined || amount === 0n || amount.toString().length > DIGITS_MAX) {
    throw invalid(`${field}.amount`, 'must be an amount above 0 with at most two decimals, such as "12.50"');
  }
  if (payment.currency !== '' && payment.currency !== CURRENCY)
    throw invalid(`${field}.currency`, `must be ${CURRENCY}`);
  const paymentId = requireId(`${field}.payment_id`, payment.paymentId);
  return {
    paymentId,
    payer: toPayer(payment, field),
    payeeReference: requireId(`${field}.payee_reference`, payment.payeeReference),
    amount,
    currency: CURRENCY,
    actor: requireActor(payment.actor) || caller,
    // The id of the checkout or of the withdrawal, so that everything that results from it can be found.
    correlationId: paymentId,
  };
}

/** @throws AppError `invalid` */
function toPayer({ payerReference, payerAccountId }: Required<PaymentMessage>, field: string): Payer {
  if ((payerReference === '') === (payerAccountId === ''))
    throw invalid(field, 'must have exactly one of payer_reference and payer_account_id');
  return payerAccountId === ''
    ? { reference: requireId(`${field}.payer_reference`, payerReference) }
    : { accountId: requireId(`${field}.payer_account_id`, payerAccountId) };
}
