import { createHash, randomBytes } from 'node:crypto';
import type { Home } from '../../machine/paths';
import type { Settings } from '../../settings/settings';

/**
 * The committed definitions with the user's password as RabbitMQ stores it: a salt, then the SHA-256 hash of salt and password.
 * In a private home the user is an administrator, so that tests can create virtual hosts.
 */
export function renderDefinitions(home: Home, settings: Settings, committed: string): string {
  const definitions = JSON.parse(committed) as { users: { tags: string[]; password?: string }[] };
  const users = definitions.users.map((user) => ({
    ...user,
    password: undefined,
    password_hash: saltedHash(settings.passwords.rabbitmq),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: home.isMain ? user.tags : ['administrator'],
  }));
  return JSON.stringify({ ...definitions, users }, undefined, 2);
}

function saltedHash(password: string): string {
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}
