import {
  cartJobsQueue,
  cartQueriesQueue,
  checkoutJobsQueue,
  checkoutResultsQueue,
  fraudExchange,
  ordersExchange,
  TOPOLOGY,
  transactionsExchange,
  type JobQueue,
  type QueryQueue,
  type TopicExchange,
} from './topology';

/** An app as a user of the broker: what it consumes, and where it may send messages. */
export interface BrokerUser {
  /** The app's name, which is also the name of its user, and the prefix of its temporary queues. */
  name: string;
  /** The queues it consumes. It also sends to them, to retry jobs and to keep dead letters. */
  consumes: readonly (JobQueue | QueryQueue)[];
  /** Other queues that it sends to. If they reply, it receives the replies in a temporary queue. */
  sendsTo: readonly (JobQueue | QueryQueue)[];
  publishesTo: readonly TopicExchange[];
  /** The exchanges whose messages it receives in a temporary queue. */
  subscribesTo: readonly TopicExchange[];
}

const NOTHING = { consumes: [], sendsTo: [], publishesTo: [], subscribesTo: [] };

/** The apps that use the broker. The broker refuses everything that isn't listed here. */
export const BROKER_USERS: readonly BrokerUser[] = [
  { ...NOTHING, name: 'cart-api', sendsTo: [cartJobsQueue, cartQueriesQueue], subscribesTo: [ordersExchange] },
  {
    ...NOTHING,
    name: 'cart-worker',
    consumes: [cartJobsQueue, cartQueriesQueue, checkoutResultsQueue],
    sendsTo: [checkoutJobsQueue],
    publishesTo: [ordersExchange],
  },
  {
    ...NOTHING,
    name: 'checkout-worker',
    consumes: [checkoutJobsQueue],
    sendsTo: [checkoutResultsQueue, cartQueriesQueue],
  },
  { ...NOTHING, name: 'wallet-api', publishesTo: [transactionsExchange] },
  {
    ...NOTHING,
    name: 'monitoring',
    consumes: TOPOLOGY.queues.filter(
      (queue) => queue.kind === 'jobs' && queue.binding?.exchange === transactionsExchange,
    ),
    publishesTo: [fraudExchange],
  },
];

/** The name of the user's temporary queue for the messages of an exchange, which only one connection uses. */
export const temporaryQueue = (user: string, exchange: string, id: string) => `${user}.${exchange}.${id}`;
