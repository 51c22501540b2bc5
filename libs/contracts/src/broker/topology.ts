import type { z } from 'zod';
import { CART_JOBS, cartReplySchema } from '../cart/cart-job-messages';
import { CART_QUERIES, cartQueryReplySchema } from '../cart/cart-query-messages';
import { CHECKOUT_JOBS, CHECKOUT_RESULTS } from '../cart/checkout-messages';
import { ORDER_EVENTS } from '../cart/order-messages';
import type { MessageDeclaration } from '../declaration/message';
import { FRAUD_MESSAGES } from '../monitoring/fraud-messages';
import { TRANSACTION_EVENTS } from '../wallet/wallet-messages';

/**
 * Delays between attempts, in milliseconds. A job that has to wait is published to `<queue>.retry.<delay>` and returns when the
 * delay is over. Each delay has its own queue, so that a long delay never blocks a short one.
 */
export const RETRY_DELAYS_MS = [250, 1_000, 5_000, 30_000] as const;

/**
 * The fanout exchange through which messages are sent to a queue. Each queue has its own, so that a user's permissions can name the
 * queues it may send to. Permission to write to the broker's default exchange is permission to send to every queue.
 */
export const exchangeTo = (queue: string) => `to.${queue}`;

/** A fanout exchange without queues. Apps publish to it to check that the broker confirms messages. */
export const READINESS_EXCHANGE = 'readiness';

/** The topic exchange for replies; the routing key is the name of the caller's own queue. */
export const REPLIES_EXCHANGE = 'replies';

/** The reply to a message of a queue, sent to the caller's own queue, which the message names. */
export interface Reply {
  name: string;
  summary: string;
  schema: z.ZodType;
}

/** A persistent quorum queue of jobs, with retry queues and a dead-letter queue. Policies in `deploy/rabbitmq` set its limits. */
export interface JobQueue {
  kind: 'jobs';
  name: string;
  summary: string;
  messages: readonly MessageDeclaration[];
  reply?: Reply;
  /**
   * The exchange that feeds the queue. When such a queue is full, its oldest message is dropped; otherwise one consumer that is
   * down, perhaps for days, would block everything that the publisher sends. So a consumer of an exchange must be able to fetch
   * the messages it missed from elsewhere.
   */
  binding?: QueueBinding;
}

interface QueueBinding {
  exchange: TopicExchange;
  routingKeys: readonly string[];
}

/** A queue of queries: durable, but its messages are transient and expire when the caller stops waiting for the reply. */
export interface QueryQueue {
  kind: 'queries';
  name: string;
  summary: string;
  messages: readonly MessageDeclaration[];
  reply?: Reply;
}

/** A topic exchange; the routing key is the message's type. Each consumer binds its own queue. */
export interface TopicExchange {
  kind: 'topic';
  name: string;
  summary: string;
  messages: readonly MessageDeclaration[];
}

export const cartJobsQueue: JobQueue = {
  kind: 'jobs',
  name: 'cart-worker.jobs',
  summary:
    'Jobs that change carts and orders. Each is answered with a CartReply, sent to the queue that the job names.',
  messages: CART_JOBS,
  reply: { name: 'cart-reply', summary: 'The outcome of a job.', schema: cartReplySchema },
};

export const cartQueriesQueue: QueryQueue = {
  kind: 'queries',
  name: 'cart-worker.queries',
  summary: 'Queries about carts and orders. The reply goes to the queue that the query names.',
  messages: CART_QUERIES,
  reply: { name: 'cart-query-reply', summary: 'The reply to a query.', schema: cartQueryReplySchema },
};

export const checkoutResultsQueue: JobQueue = {
  kind: 'jobs',
  name: 'cart-worker.checkout-results',
  summary: 'The outcomes of checkouts.',
  messages: CHECKOUT_RESULTS,
};

export const checkoutJobsQueue: JobQueue = {
  kind: 'jobs',
  name: 'checkout-worker.jobs',
  summary: 'Orders to reserve, charge and commit, or to fail or undo.',
  messages: CHECKOUT_JOBS,
};

export const ordersExchange: TopicExchange = {
  kind: 'topic',
  name: 'orders',
  summary: 'Changes to orders, for consumers that wait for them.',
  messages: ORDER_EVENTS,
};

export const transactionsExchange: TopicExchange = {
  kind: 'topic',
  name: 'transactions',
  summary: 'Outcomes of wallet transactions, for consumers that monitor the wallet.',
  messages: TRANSACTION_EVENTS,
};

const transactionsQueue = (consumer: string, summary: string): JobQueue => ({
  kind: 'jobs',
  name: `${consumer}.transactions`,
  summary,
  messages: TRANSACTION_EVENTS,
  binding: { exchange: transactionsExchange, routingKeys: TRANSACTION_EVENTS.map(({ type }) => type) },
});

export const fraudDetectionQueue = transactionsQueue('fraud-detection', 'Wallet transactions, for fraud detection.');
export const notificationsQueue = transactionsQueue(
  'notifications',
  'Wallet transactions, for notifications to the accounts involved.',
);
export const analyticsQueue = transactionsQueue('analytics', 'Wallet transactions, for counts and sums.');

export const fraudExchange: TopicExchange = {
  kind: 'topic',
  name: 'fraud',
  summary: 'Fraud alerts, for consumers that act on them.',
  messages: FRAUD_MESSAGES,
};

/** Everything the broker carries. */
export const TOPOLOGY = {
  queues: [
    cartJobsQueue,
    cartQueriesQueue,
    checkoutResultsQueue,
    checkoutJobsQueue,
    fraudDetectionQueue,
    notificationsQueue,
    analyticsQueue,
  ],
  exchanges: [ordersExchange, transactionsExchange, fraudExchange],
} as const;

/** The queue that keeps the messages of `queue` that can't be processed, with the reason, until they are redriven. */
export const deadLetterQueue = (queue: string) => `${queue}.dead`;
/** The queue that holds messages of `queue` until `delayMs` have passed. */
export const retryQueue = (queue: string, delayMs: number) => `${queue}.retry.${delayMs}`;
