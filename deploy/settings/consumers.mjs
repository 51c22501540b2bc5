// @ts-check
import { Failure } from '../console/failure.mjs';

/** The app that consumes the wallet's events. */
export const CONSUMERS_APP = /** @type {const} */ ('monitoring');

/** Its consumers. Without containers, one process runs them all. */
export const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** In containers each consumer is a service of its own, such as `monitoring-analytics`. @param {string} consumer */
export const consumerService = (consumer) => `${CONSUMERS_APP}-${consumer}`;

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
