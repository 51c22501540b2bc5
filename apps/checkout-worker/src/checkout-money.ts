import { AppError } from '@souk/service';
import { declined, failure, idsOf, runStep, type Checkout, type RunnableCheckout } from './checkout';
import { isDeclined, type Charge, type PaymentProvider, type PaymentState } from './payments/payment-provider';

const isFree = ({ total }: Checkout) => total === 0n;
const isPriced = ({ total }: Checkout) => total > 0n;

/**
 * Finds checkouts whose reservation has expired but whose order is already charged, or is free: a commit may still succeed. The
 * others fail. If the provider doesn't respond, all priced orders fail instead of waiting for it.
 * @returns the checkouts to commit
 */
export async function findCharged(payments: PaymentProvider, expired: readonly Checkout[]): Promise<Checkout[]> {
  const states = await payments.get(idsOf(expired)).catch((error: unknown): PaymentState[] => {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    return [];
  });
  const charged = expired.filter((checkout, index) => states[index] === 'charged' || isFree(checkout));
  for (const checkout of expired) if (!charged.includes(checkout)) checkout.failure = failure('RESERVATION_EXPIRED');
  return charged;
}

/** Charges the orders that aren't free. @returns the charged and the free checkouts */
export async function charge(
  { payments, onPaymentMismatch }: { payments: PaymentProvider; onPaymentMismatch(orderID: string): void },
  reserved: readonly RunnableCheckout[],
): Promise<Checkout[]> {
  const priced = reserved.filter(isPriced);
  const charged: Checkout[] = [];
  await runStep(
    priced,
    () => payments.charge(priced.map(toCharge)),
    (checkout, answer) => {
      if (isDeclined(answer)) {
        checkout.failure = declined(answer.reason);
        return;
      }
      switch (answer) {
        case 'charged':
          charged.push(checkout);
          break;
        case 'mismatch':
          // The payment under this id isn't for this order. The order fails, and the cancellation refunds whatever was
          // charged.
          onPaymentMismatch(checkout.orderID);
          checkout.failure = declined('PAYMENT_MISMATCH');
          break;
        case 'no_payee':
          // A setting is wrong, and the customer isn't to blame: the order waits, as it does when the provider is down.
          checkout.outcome = { kind: 'waiting', reason: "the payment provider doesn't know the payee" };
          break;
        case 'none':
        case 'cancelled':
        case 'refunded':
          checkout.failure = failure('RESERVATION_EXPIRED');
          break;
      }
    },
  );
  return [...reserved.filter(isFree), ...charged];
}

const toCharge = ({ orderID, clientID, total, currency, actor }: RunnableCheckout): Charge => ({
  paymentID: orderID,
  payer: clientID,
  amount: total,
  currency,
  actor,
});

/** Ends failing checkouts that took no stock: refunds charged payments, blocks the others, and sets the outcomes. */
export async function cancel(payments: PaymentProvider, released: readonly Checkout[]): Promise<void> {
  for (const checkout of released.filter(isFree)) checkout.outcome = checkout.failure!;
  const priced = released.filter(isPriced);
  await runStep(
    priced,
    () => payments.cancel(idsOf(priced)),
    (checkout, state) => {
      const wasDeclined = isDeclined(state) && checkout.failure!.code === 'RESERVATION_EXPIRED';
      checkout.outcome = wasDeclined ? declined(state.reason) : checkout.failure!;
    },
  );
}
