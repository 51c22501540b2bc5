import { configSchema } from './config';

const needed = {
  MONITORING_DATABASE_URL: 'mysql://u:p@localhost/monitoring',
  RABBITMQ_URL: 'amqp://localhost',
  WALLET_ADDRESS: 'localhost:9200',
  WEBHOOK_SECRET_KEY: Buffer.alloc(32).toString('base64'),
};
const consumers = (text: string) => configSchema.safeParse({ ...needed, CONSUMERS: text });

test('a process runs all consumers by default, or those named in CONSUMERS', () => {
  expect(configSchema.parse(needed).CONSUMERS).toEqual(['fraud-detection', 'notifications', 'analytics']);
  expect(consumers(' analytics, notifications,analytics ').data?.CONSUMERS).toEqual(['analytics', 'notifications']);
});

test('an unknown consumer is a fault', () => {
  expect(consumers('analytics,gossip').success).toBe(false);
});

test('a service reachable from outside must have an admin key', () => {
  const outside = { ...needed, SOUK_BIND: '0.0.0.0' };
  expect(configSchema.safeParse(outside).success).toBe(false);
  expect(configSchema.safeParse({ ...outside, ADMIN_API_KEY: 'k' }).success).toBe(true);
});
