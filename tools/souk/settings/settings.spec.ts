import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { temporaryHome } from '../test/temporary-home';
import { completeSettingsFile, PASSWORD_VARIABLES, readSettings } from './settings';

/** The settings of a home whose file is complete and ends with these lines. */
function settingsWith(...lines: string[]) {
  const home = temporaryHome();
  completeSettingsFile(home);
  writeFileSync(home.envFile, `${[readFileSync(home.envFile, 'utf8'), ...lines].join('\n')}\n`);
  return readSettings(home);
}

test('a new file gets every missing password and can be read only by its owner', () => {
  const home = temporaryHome();
  expect(completeSettingsFile(home)).toBe('created');
  const passwords = Object.values(readSettings(home).passwords);
  expect(passwords.every((password) => password.length >= 20)).toBe(true);
  expect(new Set(passwords).size).toBe(Object.keys(PASSWORD_VARIABLES).length);
  expect(statSync(home.envFile).mode & 0o077).toBe(0);
});

test('the webhook key is generated as 32 bytes in base64', () => {
  const home = temporaryHome();
  completeSettingsFile(home);
  const key = readSettings(home).values['WEBHOOK_SECRET_KEY']!;
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(Buffer.from(key, 'base64').toString('base64')).toBe(key);
  expect(completeSettingsFile(home)).toBe('unchanged');
});

test('a complete file stays unchanged; only an emptied password is generated again', () => {
  const home = temporaryHome();
  completeSettingsFile(home);
  const before = readFileSync(home.envFile, 'utf8');
  const { passwords } = readSettings(home);
  expect(completeSettingsFile(home)).toBe('unchanged');
  expect(readFileSync(home.envFile, 'utf8')).toBe(before);

  writeFileSync(home.envFile, before.replace(/^REDIS_PASSWORD=.*$/m, 'REDIS_PASSWORD='));
  expect(completeSettingsFile(home)).toBe('completed');
  const after = readSettings(home).passwords;
  expect(after.redis).toMatch(/^[\w-]{20,}$/);
  expect({ ...after, redis: passwords.redis }).toEqual(passwords);
});

test('a password may contain characters that are special in files and URLs', () => {
  const password = `a b#c$d=e'f%&/:@?`;
  const home = temporaryHome();
  completeSettingsFile(home, { RABBITMQ_PASSWORD: password });
  expect(readSettings(home).passwords.rabbitmq).toBe(password);
});

test('a missing setting has the value in .env.example; an empty one counts as unset', () => {
  const home = temporaryHome();
  const passwords = Object.values(PASSWORD_VARIABLES).map((name) => `${name}=secret`);
  writeFileSync(home.envFile, [...passwords, 'CART_API_PORT=6003', 'LOG_LEVEL=', ''].join('\n'));
  const { ports, values } = readSettings(home);
  expect(ports).toMatchObject({ cartApi: 6003, mysql: 3316 });
  expect(values).not.toHaveProperty('LOG_LEVEL');
});

test('all errors are reported at once', () => {
  const readInvalidSettings = () =>
    settingsWith(
      ...['CART_API_PORT=http', 'MYSQL_PORT=0', 'RABBITMQ_PORT=65536', 'REDIS_PORT=5105', 'CART_DB_PASSWORD='],
      'ADMIN_API_KEY_FILE=/run/secrets/key',
    );
  expect(readInvalidSettings).toThrow(/CART_API_PORT is not a port: http/);
  expect(readInvalidSettings).toThrow(/MYSQL_PORT is not a port: 0/);
  expect(readInvalidSettings).toThrow(/RABBITMQ_PORT is not a port: 65536/);
  expect(readInvalidSettings).toThrow(/REDIS_PORT and INVENTORY_HEALTH_PORT are both 5105/);
  expect(readInvalidSettings).toThrow(/CART_DB_PASSWORD is missing/);
  expect(readInvalidSettings).toThrow(/ADMIN_API_KEY_FILE is not supported here: set ADMIN_API_KEY to the value/);
});

test('secrets and the settings of a single app do not reach every app', () => {
  const { passedOn } = settingsWith('ADMIN_API_KEY=key', 'BATCH_MAX=64', 'MINE=too', 'ATM_LEGACY_GET=true');
  expect(passedOn).toMatchObject({ BATCH_MAX: '64', MINE: 'too' });
  const names = Object.keys(passedOn);
  expect(names.filter((name) => /PASSWORD|_PORT$|KEY|SIMULATED|ATM_|SOUK_/.test(name))).toEqual([]);
});
