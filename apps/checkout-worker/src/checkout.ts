import { ORDER_CANCELLED, type OrderFailureCode, type RunCheckoutJob, type Shortage } from '@souk/contracts';
import { parseAmount } from '@souk/money';
import { AppError } from '@souk/service';

/** The outcome of a run. `waiting` isn't final: the job runs again later. */
export type CheckoutOutcome =
  | { kind: 'completed' }
  | { kind: 'failed'; code: OrderFailureCode; error: string; shortages?: Shortage[]; reason?: string }
  | { kind: 'waiting'; reason: string }
  /** Can never be carried out, for example because its id was used for something else. The job becomes a dead letter. */
  | { kind: 'broken'; reason: string };

/** A checkout in progress. */
export interface Checkout {
  order: RunCheckoutJob['data'];
  actor: string;
  outcome?: CheckoutOutcome;
  /** Why it fails. Becomes the outcome once the stock and the money are both returned. */
  failure?: Extract<CheckoutOutcome, { kind: 'failed' }>;
}

const ERRORS: Record<OrderFailureCode, string> = {
  INSUFFICIENT_STOCK: 'There is not enough stock for every line of the order',
  PAYMENT_DECLINED: 'The payment was declined',
  RESERVATION_EXPIRED: 'The order could not be paid in time; its stock was given back and nothing was charged',
  CANCELLED: ORDER_CANCELLED,
  ORDER_TOO_LARGE: 'The order has too many lines for the message broker; nothing was charged',
};

export const failure = (code: OrderFailureCode, shortages?: Shortage[]): NonNullable<Checkout['failure']> => ({
  kind: 'failed',
  code,
  error: ERRORS[code],
  ...(shortages ? { shortages } : {}),
});

/** @param reason the payment provider's code for the refusal */
export const declined = (reason: string): NonNullable<Checkout['failure']> => ({
  ...failure('PAYMENT_DECLINED'),
  reason,
});

/** The outcome when a participant doesn't answer. @throws the error itself if it isn't retryable */
export function waitingFor(error: unknown): CheckoutOutcome {
  if (!(error instanceof AppError) || !error.retryable) throw error;
  return { kind: 'waiting', reason: error.message };
}

/** Runs one step; if the participant doesn't answer, these checkouts wait. */
export async function step<Each extends { outcome?: CheckoutOutcome }, Answer>(
  checkouts: readonly Each[],
  call: () => Promise<Answer[]>,
  apply: (checkout: Each, answer: Answer) => void,
): Promise<void> {
  if (checkouts.length === 0) return;
  try {
    const answers = await call();
    checkouts.forEach((checkout, index) => apply(checkout, answers[index]!));
  } catch (error) {
    for (const checkout of checkouts) checkout.outcome = waitingFor(error);
  }
}

export const idsOf = (checkouts: readonly Checkout[]) => checkouts.map(({ order }) => order.orderID);

export function minorOf({ order }: Checkout): bigint {
  const minor = parseAmount(order.total);
  if (minor === undefined)
    throw new AppError('invalid', 'INVALID_AMOUNT', `the total of order ${order.orderID} is no amount`);
  return minor;
}
