// @ts-check
import { createHash, randomBytes } from 'node:crypto';

/** The broker's one user. */
export const RABBITMQ_USER = 'souk';

/**
 * The committed definitions with the user's password as RabbitMQ stores it: a salt, then the SHA-256 hash of salt and password.
 * In a private home the user is an administrator, so that tests can create virtual hosts.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {string} committed
 */
export function renderDefinitions(home, settings, committed) {
  const definitions = /** @type {{ users: { tags: string[], password?: string }[] }} */ (JSON.parse(committed));
  const users = definitions.users.map((user) => ({
    ...user,
    password: undefined,
    password_hash: hashed(settings.passwords.rabbitmq),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: home.isMain ? user.tags : ['administrator'],
  }));
  return JSON.stringify({ ...definitions, users }, undefined, 2);
}

/** @param {string} password */
function hashed(password) {
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}
