import { z } from 'zod';
import { ConfigError, integerSetting, loadConfig, portSetting } from './config';

const schema = z.object({ PORT: portSetting.default(5003), POOL: integerSetting(1, 10).default(4), URL: z.url() });

test('all invalid settings are reported at once, and no invalid value falls back to a default', () => {
  const load = () => loadConfig(schema, { PORT: '99999', POOL: 'many' });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/3 invalid settings[^]*PORT[^]*POOL[^]*URL/);
});

test('an empty variable counts as unset', () => {
  expect(loadConfig(schema, { PORT: '', URL: 'redis://localhost' })).toEqual({
    PORT: 5003,
    POOL: 4,
    URL: 'redis://localhost',
  });
});
