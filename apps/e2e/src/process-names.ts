import { isInContainers } from '@souk/testing';

const CONSUMERS_APP = 'transaction-consumers';
const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** What runs under the name of an app, or of a replica such as `wallet-api-2`: in containers each consumer is a service of its own. */
export function processNames(name: string): string[] {
  if (!isInContainers || !name.startsWith(CONSUMERS_APP)) return [name];
  return CONSUMERS.map((consumer) => name.replace(CONSUMERS_APP, consumer));
}
