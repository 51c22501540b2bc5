import { BROKER_OPERATOR } from '@souk/contracts';
import { createHash, randomBytes } from 'node:crypto';
import type { Home } from '../../machine/paths';
import type { Settings } from '../../settings/settings';

interface User {
  name: string;
  tags: string[];
  /** The name of a setting, as `${NAME}`. */
  password?: string;
}

/**
 * The committed definitions with each user's password as RabbitMQ stores it: a salt, then the SHA-256 hash of salt and password.
 * In a private home the operator is an administrator, so that tests can create virtual hosts.
 */
export function renderDefinitions(home: Home, settings: Settings, committed: string): string {
  const definitions = JSON.parse(committed) as { users: User[] };
  const users = definitions.users.map(({ password = '', ...user }) => ({
    ...user,
    password_hash: saltedHash(settings.values[password.slice(2, -1)] ?? ''),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: user.name === BROKER_OPERATOR && !home.isMain ? ['administrator'] : user.tags,
  }));
  return JSON.stringify({ ...definitions, users }, undefined, 2);
}

function saltedHash(password: string): string {
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}
