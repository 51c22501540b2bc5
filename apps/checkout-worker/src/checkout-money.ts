import { AppError } from '@souk/service';
import { declined, failure, idsOf, minorOf, step, type Checkout } from './checkout';
import { isDeclined, type Charge, type PaymentProvider, type PaymentState } from './payment-provider';

/**
 * An expired reservation may belong to an order that is charged already, or is free: then committing it is worth a try. When the
 * provider does not answer either, the stock is not waited with any longer, and the order fails.
 * @returns those
 */
export async function findCharged(payments: PaymentProvider, expired: readonly Checkout[]): Promise<Checkout[]> {
  const states = await payments.get(idsOf(expired)).catch((error: unknown): PaymentState[] => {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    return [];
  });
  const charged = expired.filter((checkout, index) => states[index] === 'charged' || minorOf(checkout) === 0n);
  for (const checkout of expired) if (!charged.includes(checkout)) checkout.failure = failure('RESERVATION_EXPIRED');
  return charged;
}

/** @returns those that are charged, or are free */
export async function charge(
  { payments, onPaymentMismatch }: { payments: PaymentProvider; onPaymentMismatch(orderID: string): void },
  reserved: readonly Checkout[],
): Promise<Checkout[]> {
  const free = reserved.filter((checkout) => minorOf(checkout) === 0n);
  const priced = reserved.filter((checkout) => minorOf(checkout) > 0n);
  const charged: Checkout[] = [];
  await step(
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
          // Something else was paid under this id, if anything. It is no payment of this order, so the order fails, and the
          // cancellation gives back whatever was taken.
          onPaymentMismatch(checkout.order.orderID);
          checkout.failure = declined('PAYMENT_MISMATCH');
          break;
        case 'no_payee':
          // A setting is wrong, which is no fault of the customer's: the order waits for it as for a provider that is down.
          checkout.outcome = { kind: 'waiting', reason: 'the payment provider does not know whoever is to be paid' };
          break;
        case 'none':
        case 'cancelled':
        case 'refunded':
          checkout.failure = failure('RESERVATION_EXPIRED');
          break;
      }
    },
  );
  return [...free, ...charged];
}

const toCharge = (checkout: Checkout): Charge => {
  const { orderID, clientID, currency } = checkout.order;
  return { paymentID: orderID, payer: clientID, amount: minorOf(checkout), currency, actor: checkout.actor };
};

/** Gives back what was charged and forbids what was not, and so ends those that took no stock. */
export async function cancel(payments: PaymentProvider, released: readonly Checkout[]): Promise<void> {
  const free = released.filter((checkout) => minorOf(checkout) === 0n);
  for (const checkout of free) checkout.outcome = checkout.failure!;
  const priced = released.filter((checkout) => minorOf(checkout) > 0n);
  await step(
    priced,
    () => payments.cancel(idsOf(priced)),
    (checkout, state) => {
      const wasDeclined = isDeclined(state) && checkout.failure!.code === 'RESERVATION_EXPIRED';
      checkout.outcome = wasDeclined ? declined(state.reason) : checkout.failure!;
    },
  );
}
