import type { Consumer, ReceivedMessage, ReceivedJob } from './job-delivery';

const tagOf = ({ raw }: ReceivedMessage) => raw.fields.deliveryTag;

/**
 * Marks jobs as finished, and acknowledges or rejects each message whose last unfinished job was among them.
 * @param isWhole whether these are all jobs of their batch, so that one acknowledgement may cover many messages
 */
export function acknowledgeJobs(
  { channel, buffer, inFlight }: Pick<Consumer<unknown>, 'channel' | 'buffer' | 'inFlight'>,
  finishedJobs: readonly ReceivedJob[],
  { isWhole }: { isWhole: boolean },
): void {
  for (const job of finishedJobs) inFlight.delete(job);
  const finishedMessages = finishedJobs.map(({ source }) => source).filter((source) => --source.unfinishedCount === 0);
  for (const { raw } of finishedMessages.filter(({ isRejected }) => isRejected)) channel.nack(raw, false, false);
  const messages = finishedMessages.filter(({ isRejected }) => !isRejected);
  if (isWhole && isPrefix(messages, [...buffer, ...inFlight])) channel.ack(lastOf(messages).raw, true);
  else for (const { raw } of messages) channel.ack(raw);
}

/** Requeues the messages of unfinished jobs. A message is redelivered as a whole, so all its jobs are removed from the buffer. */
export function returnJobs<Message>(consumer: Consumer<Message>, jobs: readonly ReceivedJob<Message>[]): void {
  for (const job of jobs) consumer.inFlight.delete(job);
  const messages = new Set(jobs.map(({ source }) => source).filter(({ unfinishedCount }) => unfinishedCount > 0));
  consumer.buffer = consumer.buffer.filter(({ source }) => !messages.has(source));
  for (const message of messages) {
    if (message.isReturned) continue; // by another batch that has some of its jobs
    message.isReturned = true;
    consumer.channel.nack(message.raw, false, true);
  }
}

/** @returns whether all unfinished jobs were delivered after the last of these messages */
function isPrefix(messages: readonly ReceivedMessage[], unfinished: readonly ReceivedJob[]): boolean {
  if (messages.length === 0) return false;
  const lastTag = tagOf(lastOf(messages));
  return unfinished.every(({ source }) => tagOf(source) > lastTag);
}

const lastOf = (messages: readonly ReceivedMessage[]) =>
  messages.reduce((last, source) => (tagOf(source) > tagOf(last) ? source : last));
