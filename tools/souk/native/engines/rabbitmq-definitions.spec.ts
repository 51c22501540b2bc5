import { brokerPasswordVariable, BROKER_USERS } from '@souk/contracts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeAt, MAIN_HOME, ROOT } from '../../machine/paths';
import { completeSettingsFile, readSettings } from '../../settings/settings';
import { temporaryHome } from '../../test/temporary-home';
import { renderDefinitions } from './rabbitmq-definitions';

const APP_USERS = BROKER_USERS.map(({ name }) => name);

interface Definitions {
  users: { name: string; password?: string; password_hash: string; tags: string[] }[];
  permissions: { user: string; vhost: string }[];
  policies: { name: string }[];
}

/** Checks a password as RabbitMQ does when a user logs in. */
function isPasswordOf(hash: string, password: string) {
  const bytes = Buffer.from(hash, 'base64');
  const digest = createHash('sha256').update(bytes.subarray(0, 4)).update(password, 'utf8').digest();
  return digest.equals(bytes.subarray(4));
}

function render(password: string, home = temporaryHome()) {
  const settingsHome = temporaryHome();
  completeSettingsFile(settingsHome, { RABBITMQ_PASSWORD: password });
  const committed = readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8');
  return JSON.parse(renderDefinitions(home, readSettings(settingsHome), committed)) as Definitions;
}

test("the test's own hash check agrees with the example in RabbitMQ's documentation", () => {
  expect(isPasswordOf('kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR', 'test12')).toBe(true);
});

test.each(['plain', 'a b#c$d=e', 'пароль €'])('the password %j is accepted, and no other is', (password) => {
  const { password_hash: hash } = render(password).users[0]!;
  expect(isPasswordOf(hash, password)).toBe(true);
  expect(isPasswordOf(hash, `${password}x`)).toBe(false);
});

test('each user has a password of its own, and its setting exists', () => {
  const home = temporaryHome();
  completeSettingsFile(home);
  const { values } = readSettings(home);
  const committed = readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8');
  const { users } = JSON.parse(renderDefinitions(home, readSettings(home), committed)) as Definitions;
  expect(users.map(({ name }) => name)).toEqual(['souk', ...APP_USERS]);
  for (const { name, password_hash: hash } of users)
    expect(isPasswordOf(hash, values[brokerPasswordVariable(name)]!)).toBe(true);
});

test('the same password gets a different hash each time', () => {
  const [one, two] = [render('same'), render('same')];
  expect(one.users[0]?.password_hash).not.toBe(two.users[0]?.password_hash);
});

test('the committed policies and permissions are kept, and the operator is an administrator only in a private home', () => {
  const privateDefinitions = render('secret');
  expect(privateDefinitions.policies.map(({ name }) => name)).toContain('jobs');
  expect(privateDefinitions.users[0]).not.toHaveProperty('password');
  expect(privateDefinitions.permissions.map(({ user }) => user)).toEqual(['souk', ...APP_USERS]);
  expect(privateDefinitions.users[0]?.tags).toEqual(['administrator']);
  for (const { tags } of privateDefinitions.users.slice(1)) expect(tags).toEqual([]);
  expect(render('secret', homeAt(MAIN_HOME)).users[0]?.tags).toEqual(['monitoring']);
});
