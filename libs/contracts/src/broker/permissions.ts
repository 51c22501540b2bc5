import {
  exchangeTo,
  READINESS_EXCHANGE,
  REPLIES_EXCHANGE,
  RETRY_DELAYS_MS,
  type JobQueue,
  type QueryQueue,
} from './topology';
import { temporaryQueue, type BrokerUser } from './users';

/** What a user may do, as regular expressions on the names of queues and exchanges. */
interface Permissions {
  configure: string;
  write: string;
  read: string;
}

/** The routing keys that a user may send to a topic exchange, and those with which it may bind a queue. */
interface TopicPermissions {
  exchange: string;
  write: string;
  read: string;
}

const NOTHING = '^$';
const anyOf = (patterns: readonly string[]) => (patterns.length === 0 ? NOTHING : `^(${patterns.join('|')})$`);
const escaped = (name: string) => name.replaceAll('.', '\\.');

/** A queue, with its retry and dead-letter queues. Short, because RabbitMQ refuses long patterns. */
const withSideQueues = ({ kind, name }: JobQueue | QueryQueue) =>
  kind === 'jobs' ? `${escaped(name)}(\\.dead|\\.retry\\.(${RETRY_DELAYS_MS.join('|')}))?` : escaped(name);

const receivesReplies = ({ sendsTo }: BrokerUser) => sendsTo.some(({ reply }) => reply);
const sendsReplies = ({ consumes }: BrokerUser) => consumes.some(({ reply }) => reply);

/** The exchanges whose messages it receives in temporary queues. */
const subscriptions = (user: BrokerUser) => [
  ...(receivesReplies(user) ? [REPLIES_EXCHANGE] : []),
  ...user.subscribesTo.map(({ name }) => name),
];

const temporaryQueues = ({ name }: BrokerUser, exchange: string) =>
  `${escaped(temporaryQueue(name, exchange, ''))}[0-9a-f-]+`;

/**
 * What an app's user may do. Permissions for a queue also apply to an exchange of the same name, so none of these names may give
 * access to an exchange that leads to another app's queue. Source: https://www.rabbitmq.com/docs/access-control#permissions
 */
export function permissionsOf(user: BrokerUser): Permissions {
  const durable = user.consumes.map(withSideQueues);
  const temporary = subscriptions(user).map((exchange) => temporaryQueues(user, exchange));
  const ownQueues = [...durable, ...temporary];
  // The queues, and the exchanges that lead to them.
  const reachable = [...durable.map((pattern) => `(${escaped(exchangeTo(''))})?${pattern}`), ...temporary];
  const boundTo = user.consumes.flatMap((queue) =>
    queue.kind === 'jobs' && queue.binding ? [queue.binding.exchange.name] : [],
  );
  const written = [
    ...user.sendsTo.map(({ name }) => exchangeTo(name)),
    ...user.publishesTo.map(({ name }) => name),
    ...(sendsReplies(user) ? [REPLIES_EXCHANGE] : []),
    READINESS_EXCHANGE,
  ];
  const read = [...new Set(boundTo), ...subscriptions(user)];
  return {
    configure: anyOf(ownQueues),
    // Binding a queue requires writing to it.
    write: anyOf([...reachable, ...written.map(escaped)]),
    read: anyOf([...reachable, ...read.map(escaped)]),
  };
}

/**
 * Limits the replies that an app's user may receive to those for its own queues. Source:
 * https://www.rabbitmq.com/docs/access-control#topic-authorisation
 */
export const topicPermissionsOf = (user: BrokerUser): TopicPermissions[] =>
  receivesReplies(user)
    ? [{ exchange: REPLIES_EXCHANGE, write: NOTHING, read: anyOf([temporaryQueues(user, REPLIES_EXCHANGE)]) }]
    : [];
