import {
  cartJobsQueue,
  CART_JOBS,
  checkoutResultsQueue,
  CHECKOUT_RESULTS,
  type CartJob,
  type CartReply,
  type CheckoutResult,
} from '@souk/contracts';
import {
  consumeBatches,
  DONE,
  type BatchConsumer,
  type Broker,
  type Delivery,
  type Publisher,
  type Verdict,
} from '@souk/messaging';
import type { Logger } from '@souk/service';
import type { WorkerMetrics } from './worker-metrics';

interface Consuming {
  broker: Broker;
  publisher: Publisher;
  logger: Logger;
  metrics: WorkerMetrics;
  batchMax: number;
}

/** `cart-worker.jobs`: applies clients' jobs and replies to them. */
export function consumeCartJobs(
  consuming: Consuming,
  { apply, weigh }: { apply(jobs: CartJob[]): Promise<CartReply[]>; weigh(jobs: CartJob[]): Promise<number[]> },
): BatchConsumer {
  const { broker, publisher, metrics } = consuming;
  const reportLate = createLateReport(consuming);
  const handle = async (batch: Delivery<CartJob>[]): Promise<Verdict[]> => {
    // Drops late jobs: their callers have already received "outcome unknown" and may have repeated them.
    const now = Date.now();
    const live = batch.filter(({ message }) => message.data.notAfter >= now);
    reportLate(batch.filter(({ message }) => message.data.notAfter < now));
    const replies = live.length > 0 ? await apply(live.map(({ message }) => message)) : [];
    live.forEach(({ replyAddress }, index) => {
      const reply = replies[index]!;
      metrics.replies.inc({ outcome: reply.outcome });
      if (replyAddress) publisher.reply(replyAddress, reply, withoutLines(reply));
    });
    return batch.map(() => DONE);
  };
  return consumeBatches(broker, {
    ...consuming,
    queue: cartJobsQueue,
    messages: CART_JOBS,
    weigh,
    handle,
    ...metrics.observed(cartJobsQueue.name),
  });
}

/** `cart-worker.checkout-results`: settles orders. */
export function consumeCheckoutResults(
  consuming: Consuming,
  {
    settle,
    weigh,
  }: { settle(results: CheckoutResult[]): Promise<boolean[]>; weigh(results: CheckoutResult[]): Promise<number[]> },
): BatchConsumer {
  const { broker, metrics } = consuming;
  const handle = async (batch: Delivery<CheckoutResult>[]): Promise<Verdict[]> => {
    const settled = await settle(batch.map(({ message }) => message));
    return settled.map((isSettled) => (isSettled ? DONE : { kind: 'dead', reason: 'no such order' }));
  };
  return consumeBatches(broker, {
    ...consuming,
    queue: checkoutResultsQueue,
    messages: CHECKOUT_RESULTS,
    weigh,
    handle,
    ...metrics.observed(checkoutResultsQueue.name),
  });
}

/** Minimum interval between log lines about late jobs. */
const LATE_REPORT_INTERVAL_MS = 10_000;

/** Counts dropped late jobs and warns about them. If the queue wasn't that long, the hosts' clocks disagree. */
function createLateReport({ metrics, logger }: Pick<Consuming, 'metrics' | 'logger'>) {
  let lastReportAt = 0;
  let unreported = 0;
  return (late: readonly Delivery<CartJob>[]) => {
    if (late.length === 0) return;
    metrics.droppedLate.inc(late.length);
    unreported += late.length;
    const now = Date.now();
    if (now - lastReportAt < LATE_REPORT_INTERVAL_MS) return;
    const lateMs = Math.max(...late.map(({ message }) => now - message.data.notAfter));
    logger.warn(
      { count: unreported, lateMs },
      'dropped jobs that arrived after their notAfter; if the queue was not that long, compare the clocks of the hosts',
    );
    lastReportAt = now;
    unreported = 0;
  };
}

/** A reply without the order's lines, so that its size is bounded. */
function withoutLines(reply: CartReply): CartReply {
  if (reply.outcome === 'refused') {
    const { items: _, ...rest } = reply;
    return rest;
  }
  if (reply.outcome !== 'accepted') return reply;
  const { shortages: _, ...order } = reply.order;
  return { ...reply, order: { ...order, items: [] } };
}
