import { configSchema } from './config';

const requiredSettings = {
  MONITORING_DATABASE_URL: 'mysql://u:p@localhost/monitoring',
  RABBITMQ_URL: 'amqp://localhost',
  WALLET_ADDRESS: 'localhost:9200',
  WEBHOOK_SECRET_KEY: Buffer.alloc(32).toString('base64'),
};
const parseConsumers = (text: string) => configSchema.safeParse({ ...requiredSettings, CONSUMERS: text });

test('a process runs all consumers by default, or those named in CONSUMERS', () => {
  expect(configSchema.parse(requiredSettings).CONSUMERS).toEqual(['fraud-detection', 'notifications', 'analytics']);
  expect(parseConsumers(' analytics, notifications,analytics ').data?.CONSUMERS).toEqual([
    'analytics',
    'notifications',
  ]);
});

test('an unknown consumer is refused', () => {
  expect(parseConsumers('analytics,gossip').success).toBe(false);
});

test('a service reachable from outside must have an admin key', () => {
  const outside = { ...requiredSettings, SOUK_BIND: '0.0.0.0' };
  expect(configSchema.safeParse(outside).success).toBe(false);
  expect(configSchema.safeParse({ ...outside, ADMIN_API_KEY: 'k' }).success).toBe(true);
});
