// @ts-check
import { createHash, randomBytes } from 'node:crypto';

/** The broker's one user. */
export const RABBITMQ_USER = 'souk';

/**
 * The committed policies and the user, whose password is given as RabbitMQ stores it: a salt and its SHA-256 hash with
 * the password. In a private home the user is an administrator, so that tests can make virtual hosts.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {string} policies
 */
export function renderDefinitions(home, settings, policies) {
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(settings.passwords.rabbitmq, 'utf8').digest();
  const user = {
    name: RABBITMQ_USER,
    password_hash: Buffer.concat([salt, digest]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [home.isMain ? 'monitoring' : 'administrator'],
    limits: {},
  };
  const permission = { user: RABBITMQ_USER, vhost: '/', configure: '.*', write: '.*', read: '.*' };
  return JSON.stringify({ ...JSON.parse(policies), users: [user], permissions: [permission] }, undefined, 2);
}
