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

interface ConsumerDeps {
  broker: Broker;
  publisher: Publisher;
  logger: Logger;
  metrics: WorkerMetrics;
  batchMax: number;
}

/** Consumes `cart-worker.jobs`: applies the jobs and replies to their callers. */
export function consumeCartJobs(
  deps: ConsumerDeps,
  { apply, weigh }: { apply(jobs: CartJob[]): Promise<CartReply[]>; weigh(jobs: CartJob[]): Promise<number[]> },
): BatchConsumer {
  const { broker, publisher, metrics } = deps;
  const reportDropped = createDropReport(deps);
  const handle = async (batch: Delivery<CartJob>[]): Promise<Verdict[]> => {
    // Drops late jobs: their callers have already received "outcome unknown" and may have repeated them.
    const now = Date.now();
    const timelyDeliveries = batch.filter(({ message }) => message.data.notAfter >= now);
    reportDropped(batch.filter(({ message }) => message.data.notAfter < now));
    const replies = timelyDeliveries.length > 0 ? await apply(timelyDeliveries.map(({ message }) => message)) : [];
    for (const { outcome } of replies) metrics.replies.inc({ outcome });
    const outgoingReplies = timelyDeliveries.flatMap(({ replyAddress: to }, index) => {
      const reply = replies[index]!;
      return to ? [{ to, body: reply, smaller: withoutItems(reply) }] : [];
    });
    publisher.reply(outgoingReplies);
    return batch.map(() => DONE);
  };
  return consumeBatches(broker, {
    ...deps,
    queue: cartJobsQueue,
    messages: CART_JOBS,
    weigh,
    handle,
    ...metrics.observed(cartJobsQueue.name),
  });
}

/** Consumes `cart-worker.checkout-results`: settles orders. */
export function consumeCheckoutResults(
  deps: ConsumerDeps,
  {
    settle,
    weigh,
  }: { settle(results: CheckoutResult[]): Promise<boolean[]>; weigh(results: CheckoutResult[]): Promise<number[]> },
): BatchConsumer {
  const { broker, metrics } = deps;
  const handle = async (batch: Delivery<CheckoutResult>[]): Promise<Verdict[]> => {
    const handled = await settle(batch.map(({ message }) => message));
    return handled.map((isHandled) => (isHandled ? DONE : { kind: 'dead', reason: 'no such order' }));
  };
  return consumeBatches(broker, {
    ...deps,
    queue: checkoutResultsQueue,
    messages: CHECKOUT_RESULTS,
    weigh,
    handle,
    ...metrics.observed(checkoutResultsQueue.name),
  });
}

/** Minimum interval between log lines about dropped jobs. */
const DROP_REPORT_INTERVAL_MS = 10_000;

/** Counts dropped jobs and warns about them. If the queue's length doesn't explain the delay, the hosts' clocks disagree. */
function createDropReport({ metrics, logger }: Pick<ConsumerDeps, 'metrics' | 'logger'>) {
  let lastReportAt = 0;
  let unreportedCount = 0;
  return (dropped: readonly Delivery<CartJob>[]) => {
    if (dropped.length === 0) return;
    metrics.droppedLate.inc(dropped.length);
    unreportedCount += dropped.length;
    const now = Date.now();
    if (now - lastReportAt < DROP_REPORT_INTERVAL_MS) return;
    const lateMs = Math.max(...dropped.map(({ message }) => now - message.data.notAfter));
    logger.warn(
      { count: unreportedCount, lateMs },
      "dropped jobs that arrived after their notAfter; if the length of the queue does not explain this, compare the hosts' clocks",
    );
    lastReportAt = now;
    unreportedCount = 0;
  };
}

/** The same reply without items and shortages, so that its size is bounded. */
function withoutItems(reply: CartReply): CartReply {
  if (reply.outcome === 'refused') {
    const { items: _, ...refusal } = reply;
    return refusal;
  }
  if (reply.outcome !== 'accepted') return reply;
  const { shortages: _, ...order } = reply.order;
  return { ...reply, order: { ...order, items: [] } };
}
