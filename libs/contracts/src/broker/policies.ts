/** Limits of the queues whose names match a pattern. Policies can be changed later; the arguments of a queue can't. */
interface Policy {
  name: string;
  pattern: string;
  definition: Record<string, string | number>;
}

const KEEPS_ALL = { overflow: 'reject-publish', 'dead-letter-strategy': 'at-least-once' };

/** Redeliveries after which the broker gives up on a message. */
const DELIVERY_LIMIT = 100;

/** RabbitMQ 4 deletes a message after 20 redeliveries, unless a policy sets another limit. */
const UNLIMITED = 1_000_000_000;

/** The policies of every queue in the topology. */
export const POLICIES: readonly Policy[] = [
  {
    name: 'jobs',
    pattern: '^(cart-worker|checkout-worker)\\.(jobs|checkout-results)$',
    definition: { 'max-length': 100_000, 'delivery-limit': DELIVERY_LIMIT, ...KEEPS_ALL },
  },
  {
    name: 'events',
    pattern: '^(fraud-detection|notifications|analytics)\\.transactions$',
    definition: { 'max-length': 100_000, 'delivery-limit': DELIVERY_LIMIT, overflow: 'drop-head' },
  },
  {
    name: 'queries',
    pattern: '^cart-worker\\.queries$',
    definition: { 'max-length': 10_000, overflow: 'reject-publish' },
  },
  { name: 'retries', pattern: '\\.retry\\.[0-9]+$', definition: { 'max-length': 100_000, ...KEEPS_ALL } },
  { name: 'dead-letters', pattern: '\\.dead$', definition: { 'delivery-limit': UNLIMITED } },
];
