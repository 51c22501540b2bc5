import {
  ORDER_CANCELLED,
  type FailCheckoutJob,
  type OrderFailureCode,
  type RunCheckoutJob,
  type Shortage,
} from '@souk/contracts';
import { parseAmount, type Minor } from '@souk/money';
import { AppError } from '@souk/service';

/** The outcome of a run. `waiting` isn't final: the job runs again later. */
export type CheckoutOutcome =
  | { kind: 'completed' }
  | CheckoutFailure
  | { kind: 'waiting'; reason: string }
  /** The checkout can never be carried out: its id belongs to other items, for example. The job becomes a dead letter. */
  | { kind: 'broken'; reason: string };

interface CheckoutFailure {
  kind: 'failed';
  code: OrderFailureCode;
  error: string;
  shortages?: Shortage[];
  /** The payment provider's code for a declined payment. */
  reason?: string;
}

/** A checkout in progress. */
export interface Checkout {
  orderID: string;
  total: Minor;
  outcome?: CheckoutOutcome;
  /** The reason why it fails. Becomes the outcome once both the stock and the money have been returned. */
  failure?: CheckoutFailure;
}

/** A checkout that may complete, with the data needed to reserve and to charge. */
export interface RunnableCheckout extends Checkout {
  clientID: string;
  items: RunCheckoutJob['data']['items'];
  currency: string;
  /** The actor who placed the order. */
  actor: string;
}

/** @throws AppError `invalid` */
export function toRunnableCheckout({ data, actor }: RunCheckoutJob): RunnableCheckout {
  const { orderID, clientID, items, currency } = data;
  return { orderID, clientID, items, total: parseTotal(data), currency, actor };
}

/** The checkout of an order that is too large to run. @throws AppError `invalid` */
export const toFailingCheckout = ({ data }: FailCheckoutJob): Checkout => ({
  orderID: data.orderID,
  total: parseTotal(data),
  failure: failure('ORDER_TOO_LARGE'),
});

function parseTotal({ orderID, total }: { orderID: string; total: string }): Minor {
  const minor = parseAmount(total);
  if (minor === undefined)
    throw new AppError('invalid', 'INVALID_AMOUNT', `the total of order ${orderID} is not a valid amount`);
  return minor;
}

const ERRORS: Record<OrderFailureCode, string> = {
  INSUFFICIENT_STOCK: 'There is not enough stock for every line of the order',
  PAYMENT_DECLINED: 'The payment was declined',
  RESERVATION_EXPIRED: 'The order could not be paid in time; its stock was given back and nothing was charged',
  CANCELLED: ORDER_CANCELLED,
  ORDER_TOO_LARGE: 'The order has too many lines for the message broker; nothing was charged',
};

export const failure = (code: OrderFailureCode, shortages?: Shortage[]): CheckoutFailure => ({
  kind: 'failed',
  code,
  error: ERRORS[code],
  ...(shortages ? { shortages } : {}),
});

/** @param reason the payment provider's code for the refusal */
export const declined = (reason: string): CheckoutFailure => ({ ...failure('PAYMENT_DECLINED'), reason });

/** The outcome when a participant doesn't respond. @throws the error itself if it isn't retryable */
export function waitingFor(error: unknown): CheckoutOutcome {
  if (!(error instanceof AppError) || !error.retryable) throw error;
  return { kind: 'waiting', reason: error.message };
}

/** Runs one step for several checkouts together; if the participant doesn't respond, all of them wait. */
export async function runStep<Item extends { outcome?: CheckoutOutcome }, Answer>(
  checkouts: readonly Item[],
  call: () => Promise<Answer[]>,
  apply: (checkout: Item, answer: Answer) => void,
): Promise<void> {
  if (checkouts.length === 0) return;
  try {
    const answers = await call();
    checkouts.forEach((checkout, index) => apply(checkout, answers[index]!));
  } catch (error) {
    for (const checkout of checkouts) checkout.outcome = waitingFor(error);
  }
}

export const idsOf = (checkouts: readonly { orderID: string }[]) => checkouts.map(({ orderID }) => orderID);
