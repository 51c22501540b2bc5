// @ts-check
import { Failure } from '../console/failure.mjs';

/** The app that consumes the wallet's events. */
export const CONSUMERS_APP = /** @type {const} */ ('transaction-consumers');

/** Its consumers. In containers each is a service of its own, otherwise one process runs them all. */
export const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** @param {string} name @throws {Failure} if there is no such consumer */
export function requireConsumer(name) {
  if (CONSUMERS.includes(name)) return;
  throw new Failure(`rebuild wants the name of a consumer, ${CONSUMERS.join(', ')}, not "${name}".`);
}

/**
 * The app that consumes a queue: a queue is named after its consumer.
 *
 * @param {string} queue
 */
export function appOfQueue(queue) {
  const consumer = queue.split('.')[0] ?? '';
  return CONSUMERS.includes(consumer) ? CONSUMERS_APP : consumer;
}
