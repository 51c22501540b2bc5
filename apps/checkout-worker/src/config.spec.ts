import { loadConfig } from '@souk/service';
import { configSchema } from './config';

const REQUIRED = { RABBITMQ_URL: 'amqp://localhost', INVENTORY_ADDRESS: 'dns:///inventory-manager:9100' };
const load = (env: Record<string, string>) => () => loadConfig(configSchema, { ...REQUIRED, ...env });

test('the wallet is the default payment provider and requires an address', () => {
  expect(load({ WALLET_ADDRESS: 'dns:///wallet-api:9200' })()).toMatchObject({
    PAYMENT_PROVIDER: 'wallet',
    MERCHANT_REFERENCE: 'merchant',
  });
  expect(load({ REDIS_URL: 'redis://localhost' })).toThrow(
    /1 invalid setting.*\n {2}WALLET_ADDRESS: must be set for PAYMENT_PROVIDER=wallet/,
  );
});

test('only simulated payments require Redis', () => {
  const REDIS_URL = 'redis://localhost';
  expect(load({ PAYMENT_PROVIDER: 'simulated', REDIS_URL })()).toMatchObject({ REDIS_URL });
  expect(load({ PAYMENT_PROVIDER: 'simulated', WALLET_ADDRESS: 'x' })).toThrow(
    /1 invalid setting.*\n {2}REDIS_URL: must be set/,
  );
});

test('a missing setting of the provider is reported together with all other invalid settings', () => {
  expect(load({ BATCH_MAX: '1001', MERCHANT_REFERENCE: ' m' })).toThrow(
    /3 invalid settings[^]*BATCH_MAX[^]*MERCHANT_REFERENCE[^]*WALLET_ADDRESS/,
  );
});
