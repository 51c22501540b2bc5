import type { z } from 'zod';
import { CART_JOBS, CART_QUERIES, cartQueryReplySchema, cartReplySchema, ORDER_EVENTS } from './cart-messages';
import { CHECKOUT_JOBS, CHECKOUT_RESULTS } from './checkout-messages';
import { FRAUD_MESSAGES } from './fraud-messages';
import type { MessageDeclaration } from './message';
import { TRANSACTION_EVENTS } from './wallet-messages';

/**
 * Delays between attempts, in milliseconds. A job that has to wait is published to `<queue>.retry.<delay>` and returns when the
 * delay is over. Each delay has its own queue, so that a long delay never blocks a short one.
 */
export const RETRY_DELAYS_MS = [250, 1_000, 5_000, 30_000] as const;

/** The reply to a message of a queue, sent to the queue that the message names. */
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
   * The exchange that feeds it. When such a queue is full, its oldest message is dropped. Otherwise one consumer that is down,
   * perhaps for days, would block everything that the publisher sends. So a consumer of an exchange must be able to get the
   * messages it missed from elsewhere.
   */
  binding?: QueueBinding;
}

export interface QueueBinding {
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
  summary: 'What clients ask of their carts. Answered with a CartReply to the queue the job names.',
  messages: CART_JOBS,
  reply: { name: 'cart-reply', summary: 'What became of a job.', schema: cartReplySchema },
};

export const cartQueriesQueue: QueryQueue = {
  kind: 'queries',
  name: 'cart-worker.queries',
  summary: 'Questions about carts and orders. Answered to the queue the question names.',
  messages: CART_QUERIES,
  reply: { name: 'cart-query-reply', summary: 'The answer to a question.', schema: cartQueryReplySchema },
};

export const checkoutResultsQueue: JobQueue = {
  kind: 'jobs',
  name: 'cart-worker.checkout-results',
  summary: 'How checkouts ended.',
  messages: CHECKOUT_RESULTS,
};

export const checkoutJobsQueue: JobQueue = {
  kind: 'jobs',
  name: 'checkout-worker.jobs',
  summary: 'Orders to be reserved, charged and committed.',
  messages: CHECKOUT_JOBS,
};

export const ordersExchange: TopicExchange = {
  kind: 'topic',
  name: 'orders',
  summary: 'Changes of orders, for whoever waits for one.',
  messages: ORDER_EVENTS,
};

export const transactionsExchange: TopicExchange = {
  kind: 'topic',
  name: 'transactions',
  summary: 'What became of transactions of the wallet, for whoever watches money.',
  messages: TRANSACTION_EVENTS,
};

const transactionsQueue = (consumer: string, summary: string): JobQueue => ({
  kind: 'jobs',
  name: `${consumer}.transactions`,
  summary,
  messages: TRANSACTION_EVENTS,
  binding: { exchange: transactionsExchange, routingKeys: TRANSACTION_EVENTS.map(({ type }) => type) },
});

export const fraudDetectionQueue = transactionsQueue(
  'fraud-detection',
  'Transactions of the wallet, to be looked at for fraud.',
);
export const notificationsQueue = transactionsQueue(
  'notifications',
  'Transactions of the wallet, to be told to whom they concern.',
);
export const analyticsQueue = transactionsQueue(
  'analytics',
  'Transactions of the wallet, to be counted and summed up.',
);

export const fraudExchange: TopicExchange = {
  kind: 'topic',
  name: 'fraud',
  summary: 'Alerts of fraud detection, for whoever acts on them.',
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

export const deadLetterQueue = (queue: string) => `${queue}.dead`;
export const retryQueue = (queue: string, delayMs: number) => `${queue}.retry.${delayMs}`;
