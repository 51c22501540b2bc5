import { deadLetterQueue } from '@souk/contracts';
import { connect, type GetMessage, type Options } from 'amqplib';

export interface RedriveResult {
  redriven: number;
  /** Too old: whether they were applied is no longer known. They stay among the dead letters. */
  refused: number;
}

/** How long a redriven job may take to be applied. */
const APPLY_WITHIN_MS = 10 * 60_000;

const HOUR_MS = 3_600_000;

/**
 * Sends the dead letters of a queue back to it, each confirmed there before it leaves. Those that were applied before
 * have no second effect: their ids are the same.
 * @param options.ageMaxHours how long the queue's consumer remembers what it applied; older letters are refused
 */
export async function redrive(url: string, queue: string, options: { ageMaxHours: number }): Promise<RedriveResult> {
  const connection = await connect(url, { noDelay: true });
  try {
    const channel = await connection.createConfirmChannel();
    const { messageCount } = await channel.checkQueue(deadLetterQueue(queue));
    const result: RedriveResult = { redriven: 0, refused: 0 };
    for (let taken = 0; taken < messageCount; taken++) {
      const letter = await channel.get(deadLetterQueue(queue));
      if (!letter) break;
      if (ageOf(letter) > options.ageMaxHours * HOUR_MS) {
        result.refused++; // not acknowledged: it returns to its queue with the end of this channel
        continue;
      }
      const { replyTo: _, ...properties } = letter.properties as Options.Publish;
      const headers = { 'x-first-seen': firstSeen(letter) };
      channel.sendToQueue(queue, revived(letter.content), { ...properties, headers, persistent: true });
      await channel.waitForConfirms();
      channel.ack(letter);
      result.redriven++;
    }
    await channel.close();
    return result;
  } finally {
    await connection.close();
  }
}

function firstSeen({ properties, content }: GetMessage): number {
  const header: unknown = properties.headers?.['x-first-seen'];
  return typeof header === 'number' ? header : (occurredAt(content) ?? Date.now());
}

const ageOf = (letter: GetMessage) => Date.now() - Math.min(firstSeen(letter), occurredAt(letter.content) ?? Infinity);

function parsed(content: Buffer): { occurredAt?: string; data?: { notAfter?: number } } | undefined {
  try {
    return JSON.parse(content.toString('utf8')) as ReturnType<typeof parsed>;
  } catch {
    return undefined;
  }
}

function occurredAt(content: Buffer): number | undefined {
  const moment = Date.parse(parsed(content)?.occurredAt ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

/** The message with its time limit begun anew: whoever redrives it wants it applied. */
function revived(content: Buffer): Buffer {
  const message = parsed(content);
  if (typeof message?.data?.notAfter !== 'number') return content;
  return Buffer.from(JSON.stringify({ ...message, data: { ...message.data, notAfter: Date.now() + APPLY_WITHIN_MS } }));
}

/**
 * The command `redrive QUEUE` of a worker: does it and says what it did.
 * @returns the exit code
 */
export async function redriveCommand(options: {
  url: string | undefined;
  queue: string | undefined;
  queues: readonly string[];
  ageMaxHours: number;
}): Promise<number> {
  const { url, queue, queues, ageMaxHours } = options;
  if (!url || !queue || !queues.includes(queue)) {
    console.error(`usage: RABBITMQ_URL=amqp://… redrive QUEUE, where QUEUE is one of: ${queues.join(', ')}`);
    return 2;
  }
  const { redriven, refused } = await redrive(url, queue, { ageMaxHours });
  console.log(
    `${redriven} redriven to ${queue}, ${refused} refused as too old (they stay in ${deadLetterQueue(queue)})`,
  );
  return 0;
}
