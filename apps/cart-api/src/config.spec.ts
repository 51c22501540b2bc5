import { ConfigError, loadConfig } from '@souk/service';
import { configSchema } from './config';

const requiredSettings = { RABBITMQ_URL: 'amqp://souk:souk@127.0.0.1:5672/', INVENTORY_ADDRESS: '127.0.0.1:9100' };

const errorTextOf = (env: Record<string, string>) => {
  try {
    loadConfig(configSchema, env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
};

test('only two settings are required', () => {
  expect(loadConfig(configSchema, requiredSettings)).toMatchObject({
    PORT: 5003,
    SOUK_BIND: '127.0.0.1',
    IN_FLIGHT_MAX: 1_024,
    ANSWER_TIMEOUT_MS: 5_000,
    CORS_ORIGINS: [],
  });
});

test('an API that listens beyond loopback requires an admin key', () => {
  expect(errorTextOf({ ...requiredSettings, SOUK_BIND: '0.0.0.0' })).toMatch(
    /1 invalid setting:\n {2}ADMIN_API_KEY: must be set/,
  );
  expect(errorTextOf({ ...requiredSettings, SOUK_BIND: '0.0.0.0', ADMIN_API_KEY: 'key' })).toBe('');
});

test('all invalid settings are reported at once', () => {
  const errorText = errorTextOf({
    SOUK_BIND: '::',
    PORT: 'http',
    CORS_ORIGINS: 'https://a.example/path',
    IN_FLIGHT_MAX: '0',
  });
  for (const name of ['RABBITMQ_URL', 'INVENTORY_ADDRESS', 'PORT', 'CORS_ORIGINS', 'IN_FLIGHT_MAX', 'ADMIN_API_KEY']) {
    expect(errorText).toContain(`  ${name}: `);
  }
});

test('CORS_ORIGINS is parsed into a list', () => {
  const { CORS_ORIGINS } = loadConfig(configSchema, {
    ...requiredSettings,
    CORS_ORIGINS: 'https://a.example, http://localhost:3000,',
  });
  expect(CORS_ORIGINS).toEqual(['https://a.example', 'http://localhost:3000']);
});
