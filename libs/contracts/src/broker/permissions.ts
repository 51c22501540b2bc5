import { QUEUES_EXCHANGE, REPLIES_EXCHANGE, type JobQueue, type QueryQueue } from './topology';
import type { BrokerUser } from './users';

/** What a user may do, as regular expressions on the names of queues and exchanges. */
interface Permissions {
  configure: string;
  write: string;
  read: string;
}

/** The routing keys that a user may send to a topic exchange, and those that it may bind a queue to. */
interface TopicPermissions {
  exchange: string;
  write: string;
  read: string;
}

/** The routing key of a message that no queue receives, with which apps check that the broker confirms messages. */
export const READINESS_KEY = 'readiness';

const NOTHING = '^$';
const anyOf = (patterns: readonly string[]) => (patterns.length === 0 ? NOTHING : `^(${patterns.join('|')})$`);
const escaped = (name: string) => name.replaceAll('.', '\\.');

/** A queue, with its retry and dead-letter queues. No wildcards, which would match other routing keys in a binding. */
const withSideQueues = ({ kind, name }: JobQueue | QueryQueue) =>
  kind === 'jobs' ? `${escaped(name)}(\\.dead|\\.retry\\.[0-9]+)?` : escaped(name);

const receivesReplies = ({ sendsTo }: BrokerUser) => sendsTo.some(({ reply }) => reply);
const sendsReplies = ({ consumes }: BrokerUser) => consumes.some(({ reply }) => reply);
const hasTemporaryQueues = (user: BrokerUser) => receivesReplies(user) || user.subscribesTo.length > 0;

const temporaryQueues = ({ name }: BrokerUser, purposes: readonly string[]) =>
  `${name}\\.(${purposes.join('|')})\\.[0-9a-f-]+`;

/** What an app's user may do. Source: https://www.rabbitmq.com/docs/access-control#permissions */
export function permissionsOf(user: BrokerUser): Permissions {
  const purposes = [...(receivesReplies(user) ? [REPLIES_EXCHANGE] : []), ...user.subscribesTo.map(({ name }) => name)];
  const ownQueues = [
    ...user.consumes.map(withSideQueues),
    ...(hasTemporaryQueues(user) ? [temporaryQueues(user, purposes)] : []),
  ];
  const boundTo = user.consumes.flatMap((queue) =>
    queue.kind === 'jobs' && queue.binding ? [queue.binding.exchange] : [],
  );
  const readExchanges = [
    ...(user.consumes.length > 0 ? [QUEUES_EXCHANGE] : []),
    ...purposes,
    ...new Set(boundTo.map(({ name }) => name)),
  ];
  const writtenExchanges = [
    QUEUES_EXCHANGE,
    ...(sendsReplies(user) ? [REPLIES_EXCHANGE] : []),
    ...user.publishesTo.map(({ name }) => name),
  ];
  return {
    configure: anyOf(ownQueues),
    // Binding a queue requires writing to it, and looking one up requires some permission.
    write: anyOf([...ownQueues, ...user.sendsTo.map(({ name }) => escaped(name)), ...writtenExchanges]),
    read: anyOf([...ownQueues, ...readExchanges]),
  };
}

/** Limits the routing keys of an app's user. Source: https://www.rabbitmq.com/docs/access-control#topic-authorisation */
export function topicPermissionsOf(user: BrokerUser): TopicPermissions[] {
  const ownQueues = user.consumes.map(withSideQueues);
  return [
    {
      exchange: QUEUES_EXCHANGE,
      write: anyOf([READINESS_KEY, ...ownQueues, ...user.sendsTo.map(({ name }) => escaped(name))]),
      read: anyOf(ownQueues),
    },
    {
      exchange: REPLIES_EXCHANGE,
      write: sendsReplies(user) ? '.*' : NOTHING,
      read: receivesReplies(user) ? anyOf([temporaryQueues(user, [REPLIES_EXCHANGE])]) : NOTHING,
    },
  ];
}
