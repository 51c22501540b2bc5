import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('a setting in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'souk-config-'));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const loadWith = (env: Record<string, string>) => () => loadConfig(schema, { URL: 'redis://localhost', ...env });

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['redis://:secret@redis', 'redis://:secret@redis\n', 'redis://:secret@redis\r\n'])(
    'is read: %j',
    (content) => {
      expect(loadConfig(schema, { URL_FILE: file('url', content) }).URL).toBe('redis://:secret@redis');
    },
  );

  test('is validated like any other, without showing its value', () => {
    const load = loadWith({ POOL_FILE: file('pool', 'hunter2') });
    expect(load).toThrow(/^1 invalid setting:\n {2}POOL: /);
    expect(load).not.toThrow(/hunter2/);
  });

  test.each([
    ['is missing', () => join(folder, 'missing'), /ENOENT/],
    ['is empty', () => file('empty', '\n'), /is empty/],
    ['is too large', () => file('large', 'x'.repeat(65_537)), /larger than 64 KiB/],
    ['is a folder', () => folder, /not a regular file/],
  ])('is refused if the file %s, together with all other invalid settings', (_case, pathOf, reason) => {
    const load = () => loadConfig(schema, { URL_FILE: pathOf(), POOL: 'many' });
    expect(load).toThrow(/^2 invalid settings:\n {2}URL_FILE: [^]*\n {2}POOL: /);
    expect(load).toThrow(reason);
  });

  test('is refused if the setting also has a value', () => {
    const load = () => loadConfig(schema, { URL: 'redis://localhost', URL_FILE: file('twice', 'redis://other') });
    expect(load).toThrow('URL_FILE: must not be set together with URL');
  });

  test('an unrelated variable that ends in _FILE is ignored', () => {
    expect(loadWith({ SSL_CERT_FILE: join(folder, 'missing') })).not.toThrow();
  });
});
