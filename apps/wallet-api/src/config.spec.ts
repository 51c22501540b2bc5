import { loadConfig } from '@souk/service';
import { configSchema } from './config';

const REQUIRED = { RABBITMQ_URL: 'amqp://localhost', WALLET_DATABASE_URL: 'mysql://localhost/wallet' };
const load = (env: Record<string, string>) => () => loadConfig(configSchema, { ...REQUIRED, ...env });

test('there is one cash machine account by default, and a list can replace it', () => {
  expect(load({})()).toMatchObject({ MERCHANT_REFERENCE: 'merchant', ATM_REFERENCES: ['atm-main'] });
  expect(load({ ATM_REFERENCES: 'atm-1, atm 2' })()).toMatchObject({ ATM_REFERENCES: ['atm-1', 'atm 2'] });
});

test('an invalid reference is reported along with every other invalid setting', () => {
  expect(load({ ATM_REFERENCES: 'atm-1,,atm-2', MERCHANT_REFERENCE: ' m' })).toThrow(
    /2 invalid settings[^]*MERCHANT_REFERENCE[^]*ATM_REFERENCES: must be references separated by commas/,
  );
  expect(load({ ATM_REFERENCES: 'x'.repeat(101) })).toThrow(
    /1 invalid setting.*\n {2}ATM_REFERENCES: must be references/,
  );
});

test('a cash machine must not share the account of the shop', () => {
  const sharedReference = { ATM_REFERENCES: 'atm-1,shop', MERCHANT_REFERENCE: 'shop' };
  expect(load(sharedReference)).toThrow(
    /1 invalid setting.*\n {2}ATM_REFERENCES: must not contain the reference of the shop/,
  );
  expect(load({ ...sharedReference, PORT: 'none', SOUK_BIND: '0.0.0.0' })).toThrow(
    /4 invalid settings[^]*PORT[^]*ATM_REFERENCES[^]*ADMIN[^]*GRPC_TOKEN: must be set/,
  );
});

test('gRPC on an address that is not loopback requires a token', () => {
  const exposed = { GRPC_BIND: '10.0.0.1' };
  expect(load(exposed)).toThrow(/1 invalid setting.*\n {2}GRPC_TOKEN: must be set because the gRPC port/);
  for (const invalid of ['x'.repeat(15), 'ü'.repeat(16), 'with spaces inside it']) {
    expect(load({ ...exposed, GRPC_TOKEN: invalid })).toThrow(/GRPC_TOKEN: must have at least 16 visible ASCII/);
  }
  expect(load({ ...exposed, GRPC_TOKEN: 'x'.repeat(16) })).not.toThrow();
  expect(load({ SOUK_BIND: '10.0.0.1', ADMIN_API_KEY: 'key', GRPC_BIND: '127.0.0.1' })).not.toThrow();
});
