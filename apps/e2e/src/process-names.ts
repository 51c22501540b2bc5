import { isInContainers } from '@souk/testing';

const CONSUMERS_APP = 'monitoring';
const CONSUMERS = ['fraud-detection', 'notifications', 'analytics'];

/** The processes of an app, or of a replica such as `wallet-api-2`. In containers each consumer is a separate service. */
export function processNames(name: string): string[] {
  if (!isInContainers || !name.startsWith(CONSUMERS_APP)) return [name];
  return CONSUMERS.map((consumer) => name.replace(CONSUMERS_APP, `${CONSUMERS_APP}-${consumer}`));
}
