import type { CheckoutJob, OrderFailureCode, Shortage } from '@souk/contracts';
import { parseAmount } from '@souk/money';
import { AppError } from '@souk/service';
import type { PaymentProvider, PaymentState } from './payment-provider';
import type { Reservations, ReserveOutcome } from './reservations';

export interface RunCheckoutsDeps {
  reservations: Reservations;
  payments: PaymentProvider;
}

/** How a checkout ended, or that it has to wait for somebody who does not answer. */
export type CheckoutOutcome =
  | { kind: 'completed' }
  | { kind: 'failed'; code: OrderFailureCode; error: string; shortages?: Shortage[] }
  | { kind: 'waiting'; reason: string }
  /** Can never be carried out: its id was used for something else. */
  | { kind: 'broken'; reason: string };

interface Checkout {
  order: CheckoutJob['data'];
  actor: string;
  outcome?: CheckoutOutcome;
  /** Why it is to fail; its outcome only when stock and money are both back. */
  failure?: Extract<CheckoutOutcome, { kind: 'failed' }>;
}

const ERRORS: Record<OrderFailureCode, string> = {
  INSUFFICIENT_STOCK: 'There is not enough stock for every line of the order',
  PAYMENT_DECLINED: 'The payment was declined',
  RESERVATION_EXPIRED: 'The order could not be paid in time; its stock was given back and nothing was charged',
};

const failure = (code: OrderFailureCode, shortages?: Shortage[]): NonNullable<Checkout['failure']> => ({
  kind: 'failed',
  code,
  error: ERRORS[code],
  ...(shortages ? { shortages } : {}),
});

/**
 * Runs checkouts together, one call a step for all of them: reserve, charge, commit; those that fail are rolled back, then
 * cancelled. The worker keeps nothing: run again with the same job, every step answers what it answered, and the end is the
 * same. The reservation is the arbiter: commit only after a charge, and fail only after a rollback that took nothing.
 * @returns one outcome a job, in order; never throws for a participant that is down
 */
export async function runCheckouts(deps: RunCheckoutsDeps, jobs: readonly CheckoutJob[]): Promise<CheckoutOutcome[]> {
  const byOrder = new Map<string, Checkout>(jobs.map(({ data, actor }) => [data.orderID, { order: data, actor }]));
  const all = [...byOrder.values()];

  const { toCharge, expired } = await reserve(deps.reservations, all);
  const chargedBefore = await findCharged(deps.payments, expired);
  const charged = await charge(deps.payments, toCharge);
  await commit(deps.reservations, [...charged, ...chargedBefore]);

  const failing = all.filter((checkout) => checkout.failure && !checkout.outcome);
  const toCancel = await rollBack(deps.reservations, failing);
  await cancel(deps.payments, toCancel);

  return jobs.map(({ data }) => byOrder.get(data.orderID)!.outcome ?? { kind: 'waiting', reason: 'not decided yet' });
}

/** Runs one step; when the participant does not answer, those checkouts wait. */
async function step<Answer>(
  checkouts: readonly Checkout[],
  call: () => Promise<Answer[]>,
  apply: (checkout: Checkout, answer: Answer) => void,
): Promise<void> {
  if (checkouts.length === 0) return;
  try {
    const answers = await call();
    checkouts.forEach((checkout, index) => apply(checkout, answers[index]!));
  } catch (error) {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    for (const checkout of checkouts) checkout.outcome = { kind: 'waiting', reason: error.message };
  }
}

const idsOf = (checkouts: readonly Checkout[]) => checkouts.map(({ order }) => order.orderID);

function minorOf({ order }: Checkout): bigint {
  const minor = parseAmount(order.total);
  if (minor === undefined)
    throw new AppError('invalid', 'INVALID_AMOUNT', `the total of order ${order.orderID} is no amount`);
  return minor;
}

/** More than the inventory can ever hold for one order is more than there is in stock. Alone, so that it fails no other. */
function refusedAsInvalid(error: unknown): ReserveOutcome[] {
  if (error instanceof AppError && error.kind === 'invalid') return [{ state: 'rejected', shortages: [] }];
  throw error;
}

async function reserve(reservations: Reservations, checkouts: readonly Checkout[]) {
  const toCharge: Checkout[] = [];
  const expired: Checkout[] = [];
  const isAlone = checkouts.length === 1;
  const wanted = checkouts.map(({ order, actor }) => ({ reserveID: order.orderID, items: order.items, actor }));
  await step(
    checkouts,
    () =>
      reservations
        .reserve(wanted)
        .catch((error: unknown) => (isAlone ? refusedAsInvalid(error) : Promise.reject(error as Error))),
    (checkout, { state, shortages }) => {
      switch (state) {
        case 'reserved':
          toCharge.push(checkout);
          break;
        case 'committed':
          checkout.outcome = { kind: 'completed' };
          break;
        case 'rejected':
          checkout.failure = failure('INSUFFICIENT_STOCK', shortages);
          break;
        case 'expired':
          expired.push(checkout);
          break;
        case 'rolled_back':
          // An earlier run was failing it. Why, the payment tells: see `cancel`.
          checkout.failure = failure('RESERVATION_EXPIRED');
          break;
        case 'items_mismatch':
        case 'unknown':
          checkout.outcome = { kind: 'broken', reason: `the inventory answers ${state} to its reservation` };
          break;
      }
    },
  );
  return { toCharge, expired };
}

/**
 * An expired reservation may belong to an order that is charged already, or is free: then committing it is worth a try. When the
 * provider does not answer either, the stock is not waited with any longer, and the order fails.
 */
async function findCharged(payments: PaymentProvider, expired: readonly Checkout[]): Promise<Checkout[]> {
  const states = await payments.get(idsOf(expired)).catch((error: unknown): PaymentState[] => {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    return [];
  });
  const charged = expired.filter((checkout, index) => states[index] === 'charged' || minorOf(checkout) === 0n);
  for (const checkout of expired) if (!charged.includes(checkout)) checkout.failure = failure('RESERVATION_EXPIRED');
  return charged;
}

async function charge(payments: PaymentProvider, reserved: readonly Checkout[]): Promise<Checkout[]> {
  const free = reserved.filter((checkout) => minorOf(checkout) === 0n);
  const priced = reserved.filter((checkout) => minorOf(checkout) > 0n);
  const charged: Checkout[] = [];
  const charges = priced.map((checkout) => {
    const { orderID, clientID, currency } = checkout.order;
    return { paymentID: orderID, payer: clientID, amount: minorOf(checkout), currency };
  });
  await step(
    priced,
    () => payments.charge(charges),
    (checkout, state) => {
      if (state === 'charged') charged.push(checkout);
      else checkout.failure = failure(state === 'declined' ? 'PAYMENT_DECLINED' : 'RESERVATION_EXPIRED');
    },
  );
  return [...free, ...charged];
}

async function commit(reservations: Reservations, charged: readonly Checkout[]): Promise<void> {
  await step(
    charged,
    () => reservations.commit(idsOf(charged)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else checkout.failure = failure('RESERVATION_EXPIRED'); // expired meanwhile, and the stock went to others
    },
  );
}

/** @returns those that took no stock, whose payment may be cancelled */
async function rollBack(reservations: Reservations, failing: readonly Checkout[]): Promise<Checkout[]> {
  const released: Checkout[] = [];
  await step(
    failing,
    () => reservations.rollBack(idsOf(failing)),
    (checkout, state) => {
      if (state === 'committed') checkout.outcome = { kind: 'completed' };
      else released.push(checkout);
    },
  );
  return released;
}

async function cancel(payments: PaymentProvider, released: readonly Checkout[]): Promise<void> {
  const free = released.filter((checkout) => minorOf(checkout) === 0n);
  for (const checkout of free) checkout.outcome = checkout.failure!;
  const priced = released.filter((checkout) => minorOf(checkout) > 0n);
  await step(
    priced,
    () => payments.cancel(idsOf(priced)),
    (checkout, state) => {
      const wasDeclined = state === 'declined' && checkout.failure!.code === 'RESERVATION_EXPIRED';
      checkout.outcome = wasDeclined ? failure('PAYMENT_DECLINED') : checkout.failure!;
    },
  );
}
