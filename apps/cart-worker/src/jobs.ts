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

/** `cart-worker.jobs`: applies what clients ask, and answers them. */
export function consumeCartJobs(
  consuming: Consuming,
  { apply, weigh }: { apply(jobs: CartJob[]): Promise<CartReply[]>; weigh(jobs: CartJob[]): Promise<number[]> },
): BatchConsumer {
  const { broker, publisher, metrics } = consuming;
  const handle = async (batch: Delivery<CartJob>[]): Promise<Verdict[]> => {
    // Whoever sent it was told long ago that the outcome is unknown, and may have asked again.
    const live = batch.filter(({ message }) => message.data.notAfter >= Date.now());
    metrics.droppedLate.inc(batch.length - live.length);
    const replies = live.length > 0 ? await apply(live.map(({ message }) => message)) : [];
    live.forEach(({ replyAddress }, index) => {
      const reply = replies[index]!;
      metrics.replies.inc({ outcome: reply.outcome });
      if (replyAddress) publisher.reply(replyAddress, reply);
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
