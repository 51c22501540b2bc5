import { Failure } from '../console/failure';

/** The long-running apps, in the order in which they start. */
export const APP_NAMES = [
  'inventory-manager',
  'cart-worker',
  'checkout-worker',
  'wallet-api',
  'monitoring',
  'atm-api',
  'cart-api',
] as const;

export type AppName = (typeof APP_NAMES)[number];

/** The app that consumes the wallet's events. */
export const CONSUMERS_APP = 'monitoring';

/** Its consumers. Without containers, one process runs them all. */
export const CONSUMERS: readonly string[] = ['fraud-detection', 'notifications', 'analytics'];

/** @throws Failure if there is no such consumer */
export function requireConsumer(name: string): void {
  if (CONSUMERS.includes(name)) return;
  throw new Failure(`rebuild needs the name of a consumer: ${CONSUMERS.join(', ')}. "${name}" isn't a consumer.`);
}

/**
 * The app that consumes a queue, which is named after its consumer.
 * @throws Failure if no app does
 */
export function requireAppOfQueue(queue: string): { app: AppName; consumer: string } {
  const consumer = queue.split('.')[0] ?? '';
  const appName = CONSUMERS.includes(consumer) ? CONSUMERS_APP : consumer;
  const app = APP_NAMES.find((name) => name === appName);
  if (!app || consumer === CONSUMERS_APP)
    throw new Failure(`redrive needs the name of a queue, such as cart-worker.jobs. "${queue}" isn't a queue of Souk.`);
  return { app, consumer };
}
