import { causedBy, checkoutJobsQueue, createMessage, failCheckoutJob, type RunCheckoutJob } from '@souk/contracts';
import { outgoing, type Outgoing } from '@souk/messaging';

/** Fails the order of a checkout that the broker will never take; other messages are not replaced. */
export function replaceRefused({ content }: Outgoing): Outgoing[] {
  const job = JSON.parse(content.toString('utf8')) as RunCheckoutJob;
  if (job.type !== 'run-checkout') return [];
  const { orderID, total } = job.data;
  return [outgoing(checkoutJobsQueue, createMessage(failCheckoutJob, { orderID, total }, causedBy(job)))];
}
