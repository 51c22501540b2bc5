import { deadLetterQueue, exchangeTo, RETRY_DELAYS_MS, retryQueue, type JobQueue, type QueryQueue } from './topology';

/** What declares a durable queue. The broker refuses to declare an existing queue with other arguments. */
interface QueueDeclaration {
  name: string;
  arguments: Record<string, string | number>;
}

const QUORUM = { 'x-queue-type': 'quorum' };

/** At-least-once dead-lettering: a message leaves its queue only once the other queue has confirmed it. */
const deadLetterTo = (queue: string) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/**
 * A full queue doesn't hold up publishers to the exchange. Dropped messages aren't dead-lettered, since dead letters would
 * pile up without limit.
 */
const DROP_OLDEST = { 'x-overflow': 'drop-head' };

/** @returns the durable queues that a queue consists of, in the order in which they have to be declared */
export function queueDeclarations(queue: JobQueue | QueryQueue): QueueDeclaration[] {
  const { kind, name } = queue;
  if (kind === 'queries') return [{ name, arguments: { 'x-queue-type': 'classic' } }];
  const deadLetters = deadLetterQueue(name);
  return [
    { name: deadLetters, arguments: QUORUM },
    { name, arguments: { ...QUORUM, ...(queue.binding ? DROP_OLDEST : deadLetterTo(deadLetters)) } },
    ...RETRY_DELAYS_MS.map((delayMs) => ({
      name: retryQueue(name, delayMs),
      arguments: { ...QUORUM, 'x-message-ttl': delayMs, ...deadLetterTo(name) },
    })),
  ];
}

/** An exchange, and the routing keys of the messages that a queue receives from it. */
interface Binding {
  source: string;
  routingKey: string;
  queue: string;
}

/** @returns all bindings of a queue and of the queues that belong to it */
export function bindingsOf(queue: JobQueue | QueryQueue): Binding[] {
  const direct = queueDeclarations(queue).map(({ name }) => ({
    source: exchangeTo(name),
    routingKey: '',
    queue: name,
  }));
  if (queue.kind === 'queries' || !queue.binding) return direct;
  const { exchange, routingKeys } = queue.binding;
  return [...direct, ...routingKeys.map((routingKey) => ({ source: exchange.name, routingKey, queue: queue.name }))];
}
