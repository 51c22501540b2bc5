import { BUNDLE_TYPE, deadLetterQueue, exchangeTo, parseBundle } from '@souk/contracts';
import { ConfigError, loadConfig } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { connect, type ConfirmChannel, type GetMessage, type Options } from 'amqplib';
import { z } from 'zod';
import { brokerAddress } from './connection/broker-address';
import { encode } from './publishing/outgoing';

interface RedriveResult {
  redriven: number;
  /** Letters so old that the consumer no longer knows whether it applied them. They stay in the dead-letter queue. */
  refused: number;
}

/** Time limit for applying a redriven job. */
const APPLY_WITHIN_MS = 10 * 60_000;

const HOUR_MS = 3_600_000;

/**
 * Sends the dead letters of a queue back to it, and removes each once the queue has confirmed it. Jobs keep their ids, so one
 * that was applied before has no second effect.
 * @param options.ageMaxHours how long the queue's consumer remembers the jobs it applied; older letters are refused
 * @throws Error if the queue doesn't exist or refuses a letter; that letter and the remaining ones stay in the dead-letter queue
 */
export async function redrive(url: string, queue: string, options: { ageMaxHours: number }): Promise<RedriveResult> {
  const connection = await connect(...brokerAddress(url, { noDelay: true }));
  try {
    const channel = await connection.createConfirmChannel();
    const { failure, ...result } = await redriveOn(channel, queue, options.ageMaxHours * HOUR_MS);
    await channel.close(); // waits for the acknowledgements
    if (failure) throw failure;
    return result;
  } finally {
    await connection.close();
  }
}

async function redriveOn(channel: ConfirmChannel, queue: string, ageMaxMs: number) {
  const deadLetters = deadLetterQueue(queue);
  const { messageCount } = await channel.checkQueue(deadLetters);
  const result: RedriveResult & { failure?: Error } = { redriven: 0, refused: 0 };
  for (let count = 0; count < messageCount; count++) {
    const letter = await channel.get(deadLetters);
    if (!letter) break;
    if (ageOf(letter) > ageMaxMs) {
      await putBack(channel, deadLetters, letter);
      result.refused++;
      continue;
    }
    try {
      for (const job of redrivenJobs(letter)) await publishConfirmed(channel, queue, ...job);
    } catch (error) {
      await putBack(channel, deadLetters, letter);
      return { ...result, failure: toError(error) };
    }
    channel.ack(letter);
    result.redriven++;
  }
  return result;
}

/**
 * Replaces a letter with a copy at the end of its queue. Returning the letter itself would count as a delivery, and a broker
 * deletes a message that has been delivered too often.
 */
async function putBack(channel: ConfirmChannel, deadLetters: string, letter: GetMessage): Promise<void> {
  const headers: Record<string, unknown> = { ...letter.properties.headers };
  delete headers['x-delivery-count'];
  await publishConfirmed(channel, deadLetters, letter.content, { ...(letter.properties as Options.Publish), headers });
  channel.ack(letter);
}

/** @throws Error if the queue doesn't exist or refuses the message */
async function publishConfirmed(
  channel: ConfirmChannel,
  queue: string,
  content: Buffer,
  { expiration: _, ...properties }: Options.Publish,
): Promise<void> {
  let isReturned = false;
  const onReturn = () => (isReturned = true); // comes before the confirm
  channel.once('return', onReturn);
  try {
    await new Promise<void>((resolve, reject) => {
      const options = { ...properties, persistent: true, mandatory: true };
      channel.publish(exchangeTo(queue), queue, content, options, (error: unknown) => {
        if (error) reject(new Error(`the queue ${queue} refused a message`, { cause: error }));
        else resolve();
      });
    });
  } finally {
    channel.off('return', onReturn);
  }
  if (isReturned) throw new Error(`the queue ${queue} does not exist`);
}

const toError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function firstSeen(letter: GetMessage): number {
  const header: unknown = letter.properties.headers?.['x-first-seen'];
  return typeof header === 'number' ? header : Math.min(Date.now(), oldestOf(letter));
}

const ageOf = (letter: GetMessage) => Date.now() - Math.min(firstSeen(letter), oldestOf(letter));

/** @returns when the oldest job of a letter was created; Infinity if unknown */
const oldestOf = (letter: GetMessage) => Math.min(...jobsOf(letter).map((job) => occurredAt(job) ?? Infinity));

interface Job {
  id?: string;
  type?: string;
  occurredAt?: string;
  data?: { notAfter?: number };
}

function parseJob(content: Buffer): Job | undefined {
  try {
    return JSON.parse(content.toString('utf8')) as Job;
  } catch {
    return undefined;
  }
}

/** @returns the jobs of a dead letter; the broker dead-letters a bundle as a whole when it was delivered too often */
const jobsOf = ({ content, properties }: GetMessage): Buffer[] =>
  (properties.type === BUNDLE_TYPE ? parseBundle(content) : undefined)?.map(({ message }) => encode(message)) ?? [
    content,
  ];

function occurredAt(content: Buffer): number | undefined {
  const moment = Date.parse(parseJob(content)?.occurredAt ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

/** The jobs of a letter, as if they had never failed, with a new time limit and without a reply address. */
function redrivenJobs(letter: GetMessage): [Buffer, Options.Publish][] {
  const { replyTo: _, correlationId, ...properties } = letter.properties as Options.Publish;
  const headers = { 'x-first-seen': firstSeen(letter) };
  const isBundle = properties.type === BUNDLE_TYPE;
  return jobsOf(letter).map((content) => {
    const message = parseJob(content);
    const ownProperties = isBundle ? { messageId: message?.id, type: message?.type } : { correlationId };
    const options = { ...properties, ...ownProperties, headers };
    if (typeof message?.data?.notAfter !== 'number') return [content, options];
    const data = { ...message.data, notAfter: Date.now() + APPLY_WITHIN_MS };
    return [encode({ ...message, data }), options];
  });
}

const commandSettings = z.object({ RABBITMQ_URL: engineUrlSetting('amqp') });

/**
 * Runs a worker's `redrive QUEUE` command and prints the result.
 * @param env the worker's environment, with its `RABBITMQ_URL`
 * @returns the exit code
 */
export async function redriveCommand(
  env: NodeJS.ProcessEnv,
  { queue, queues, ageMaxHours }: { queue: string | undefined; queues: readonly string[]; ageMaxHours: number },
): Promise<number> {
  if (!queue || !queues.includes(queue)) {
    console.error(`usage: redrive QUEUE, where QUEUE is one of: ${queues.join(', ')}`);
    return 2;
  }
  try {
    const { RABBITMQ_URL: url } = loadConfig(commandSettings, env);
    const { redriven, refused } = await redrive(url, queue, { ageMaxHours });
    console.log(
      `${redriven} redriven to ${queue}, ${refused} refused as too old (they stay in ${deadLetterQueue(queue)})`,
    );
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(error.message);
      return 2;
    }
    console.error(`${toError(error).message}; the rest stay in ${deadLetterQueue(queue)}`);
    return 1;
  }
}
