import { BUNDLE_TYPE, encodeBundle, exchangeTo, type Envelope } from '@souk/contracts';
import { unavailable } from '@souk/service';
import type { ConfirmChannel, Options } from 'amqplib';
import { within } from '../connection/within';
import { divideIntoBundles } from '../publishing/divide-into-bundles';
import { encode } from '../publishing/outgoing';
import type { PendingRequests } from './pending-requests';

/** A message whose sender waits for a reply. */
interface RequestMessage {
  requestId: string;
  message: Envelope;
  content: Buffer;
}

/** Sends the requests of one channel. */
export interface RequestSender {
  /** Sends a transient message at once; the broker drops it after `expiresMs`. */
  sendQuery(queue: string, requestId: string, message: Envelope, expiresMs: number): void;
  /** Sends a persistent message, in a bundle if others for the same queue are ready. */
  sendJob(queue: string, requestId: string, message: Envelope): void;
  /** Fails the requests in a message that the broker returned: they will never be processed. */
  onReturned(correlationId: string): void;
}

/**
 * Maximum number of unconfirmed job messages per queue. Jobs that arrive meanwhile travel in the next bundle: the busier the broker, the larger the bundles.
 */
const UNCONFIRMED_MAX = 2;

/** After this, a message no longer counts as unconfirmed. */
const CONFIRM_TIMEOUT_MS = 10_000;

/** amqplib signals a nack only by its error text. Any other failed confirm says nothing about the message. */
const isNack = (error: unknown) => error instanceof Error && error.message === 'message nacked';

/** @param replyTo the queue to which the replies are sent */
export function createRequestSender(channel: ConfirmChannel, pending: PendingRequests, replyTo: string): RequestSender {
  /** Requests of unconfirmed messages, by the message's correlation id. */
  const unconfirmed = new Map<string, readonly string[]>();
  const jobSenders = new Map<string, ReturnType<typeof createJobQueueSender>>();
  let lastBundle = 0;

  const failAll = (requestIds: readonly string[] = [], error: Error) => {
    for (const requestId of requestIds) pending.fail(requestId, error);
  };

  const publish = (queue: string, content: Buffer, requestIds: readonly string[], properties: Options.Publish) =>
    new Promise<void>((resolve) => {
      const correlationId = requestIds.length === 1 ? requestIds[0]! : `bundle-${(++lastBundle).toString(36)}`;
      const fail = (cause: unknown) => failAll(requestIds, unavailable('the message broker', cause));
      const options = { contentType: 'application/json', mandatory: true, replyTo, ...properties };
      unconfirmed.set(correlationId, requestIds);
      try {
        channel.publish(exchangeTo(queue), queue, content, { ...options, correlationId }, (error: unknown) => {
          unconfirmed.delete(correlationId);
          // A lost connection fails its confirms too; then the outcome is unknown, and the disconnect listener reports it.
          if (isNack(error)) fail(error);
          resolve();
        });
        for (const requestId of requestIds) pending.markSent(requestId);
      } catch (error) {
        unconfirmed.delete(correlationId);
        fail(error);
        resolve();
      }
    });

  const createSenderFor = (queue: string) =>
    createJobQueueSender(
      (jobs) => publish(queue, contentOf(jobs), jobs.map(idOf), { persistent: true, ...propertiesOf(jobs) }),
      (job) => pending.has(idOf(job)),
    );

  return {
    sendQuery: (queue, requestId, message, expiresMs) => {
      void publish(queue, encode(message), [requestId], {
        persistent: false,
        expiration: expiresMs,
        ...typeOf(message),
      });
    },
    sendJob: (queue, requestId, message) => {
      const sender = jobSenders.get(queue) ?? createSenderFor(queue);
      jobSenders.set(queue, sender);
      sender.send({ requestId, message, content: encode(message) });
    },
    // The queue doesn't exist.
    onReturned: (correlationId) => failAll(unconfirmed.get(correlationId), unavailable('the service')),
  };
}

const idOf = ({ requestId }: RequestMessage) => requestId;
const typeOf = ({ id, type }: Envelope) => ({ messageId: id, type });

const contentOf = (jobs: readonly RequestMessage[]) => (jobs.length === 1 ? jobs[0]!.content : encodeBundle(jobs));
const propertiesOf = (jobs: readonly RequestMessage[]) =>
  jobs.length === 1 ? typeOf(jobs[0]!.message) : { type: BUNDLE_TYPE };

/**
 * Sends the jobs of one queue. Jobs submitted in the same turn of the event loop, or while too many messages are unconfirmed, are
 * published as one message.
 * @param publish resolves when the broker has confirmed or refused the message
 * @param isWanted returns false for a job whose request has already failed
 */
function createJobQueueSender(
  publish: (jobs: readonly RequestMessage[]) => Promise<void>,
  isWanted: (job: RequestMessage) => boolean,
) {
  let waiting: RequestMessage[] = [];
  let unconfirmedCount = 0;
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  };

  const flush = () => {
    isScheduled = false;
    waiting = waiting.filter(isWanted);
    const bundles = divideIntoBundles(waiting);
    const ready = bundles.splice(0, UNCONFIRMED_MAX - unconfirmedCount);
    waiting = bundles.flat();
    for (const jobs of ready) {
      unconfirmedCount++;
      // A queue without a majority of its replicas confirms nothing; later jobs must not wait for it forever.
      void within(CONFIRM_TIMEOUT_MS, publish(jobs))
        .catch(() => undefined)
        .then(() => {
          unconfirmedCount--;
          if (waiting.length > 0) schedule();
        });
    }
  };

  return {
    send: (job: RequestMessage) => {
      waiting.push(job);
      schedule();
    },
  };
}
