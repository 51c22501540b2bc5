import type { Consumer, Frame, ReceivedJob } from './job-delivery';

const tagOf = ({ raw }: Frame) => raw.fields.deliveryTag;

/**
 * Marks jobs as finished, and acknowledges or rejects the frames of which they were the last.
 * @param isWhole whether no other job of the same batch is unfinished, so that one acknowledgement may cover many frames
 */
export function acknowledgeFrames(
  { channel, buffer }: Pick<Consumer<unknown>, 'channel' | 'buffer'>,
  finishedJobs: readonly ReceivedJob[],
  { isWhole }: { isWhole: boolean },
): void {
  const finishedFrames = finishedJobs.map(({ frame }) => frame).filter((frame) => --frame.unfinishedCount === 0);
  for (const { raw } of finishedFrames.filter(({ isRejected }) => isRejected)) channel.nack(raw, false, false);
  const frames = finishedFrames.filter(({ isRejected }) => !isRejected);
  if (isWhole && isPrefix(frames, buffer)) channel.ack(lastOf(frames).raw, true);
  else for (const { raw } of frames) channel.ack(raw);
}

/** Returns the frames of unfinished jobs to the queue. Their other jobs are redelivered with them, so they leave the buffer. */
export function returnFrames<Message>(consumer: Consumer<Message>, jobs: readonly ReceivedJob<Message>[]): void {
  const frames = new Set(jobs.map(({ frame }) => frame).filter(({ unfinishedCount }) => unfinishedCount > 0));
  consumer.buffer = consumer.buffer.filter(({ frame }) => !frames.has(frame));
  for (const { raw } of frames) consumer.channel.nack(raw, false, true);
}

/** @returns whether the frames are all that was delivered up to the last of them */
function isPrefix(frames: readonly Frame[], buffer: readonly ReceivedJob[]): boolean {
  if (frames.length === 0) return false;
  const lastTag = tagOf(lastOf(frames));
  return buffer.every(({ frame }) => tagOf(frame) > lastTag);
}

const lastOf = (frames: readonly Frame[]) =>
  frames.reduce((last, frame) => (tagOf(frame) > tagOf(last) ? frame : last));
