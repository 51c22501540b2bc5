import type { Consumer, ReceivedMessage, ReceivedJob } from './job-delivery';

const tagOf = ({ raw }: ReceivedMessage) => raw.fields.deliveryTag;

/**
 * Marks jobs as finished, and acknowledges or rejects each message whose last unfinished job was among them.
 * @param isWhole whether these are all jobs of their batch, so that one acknowledgement may cover many messages
 */
export function acknowledgeJobs(
  { channel, buffer }: Pick<Consumer<unknown>, 'channel' | 'buffer'>,
  finishedJobs: readonly ReceivedJob[],
  { isWhole }: { isWhole: boolean },
): void {
  const finishedMessages = finishedJobs.map(({ source }) => source).filter((source) => --source.unfinishedCount === 0);
  for (const { raw } of finishedMessages.filter(({ isRejected }) => isRejected)) channel.nack(raw, false, false);
  const messages = finishedMessages.filter(({ isRejected }) => !isRejected);
  if (isWhole && isPrefix(messages, buffer)) channel.ack(lastOf(messages).raw, true);
  else for (const { raw } of messages) channel.ack(raw);
}

/** Requeues the messages of unfinished jobs. A message is redelivered as a whole, so all its jobs are removed from the buffer. */
export function returnJobs<Message>(consumer: Consumer<Message>, jobs: readonly ReceivedJob<Message>[]): void {
  const messages = new Set(jobs.map(({ source }) => source).filter(({ unfinishedCount }) => unfinishedCount > 0));
  consumer.buffer = consumer.buffer.filter(({ source }) => !messages.has(source));
  for (const { raw } of messages) consumer.channel.nack(raw, false, true);
}

/** @returns whether every job in the buffer was delivered after the last of these messages */
function isPrefix(messages: readonly ReceivedMessage[], buffer: readonly ReceivedJob[]): boolean {
  if (messages.length === 0) return false;
  const lastTag = tagOf(lastOf(messages));
  return buffer.every(({ source }) => tagOf(source) > lastTag);
}

const lastOf = (messages: readonly ReceivedMessage[]) =>
  messages.reduce((last, source) => (tagOf(source) > tagOf(last) ? source : last));
