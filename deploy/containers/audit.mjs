// @ts-check
import { Failure } from '../console/failure.mjs';
import { auditorEnvironment } from '../settings/auditor.mjs';
import { readSettings } from '../settings/settings.mjs';
import { compose } from './compose.mjs';
import { containers } from './containers.mjs';

/** The service whose image and network the auditor borrows; the auditor has no container of its own between audits. */
const BORROWED = 'cart-worker';

/**
 * Checks the live databases and the cash machines against the promises, in a container that is removed afterwards.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {{ isJson: boolean }} options
 * @returns {Promise<number>} the auditor's exit code
 * @throws {Failure} if the database isn't running
 */
export async function audit(home, { isJson }) {
  const all = await containers(home);
  if (!all.some(({ name, isHealthy }) => name === 'mysql' && isHealthy))
    throw new Failure('The database is not running.');
  const env = auditorEnvironment(readSettings(home), {
    mysql: { host: 'mysql', port: 3306 },
    redis: { host: 'redis', port: 6379 },
  });
  // Passed by name only, so that the values don't show in the process list.
  const names = Object.keys(env).flatMap((name) => ['-e', name]);
  const command = ['run', '--rm', '--no-deps', '-T', ...names, BORROWED, 'apps/auditor/main.js'];
  const { code } = await compose(home, [...command, ...(isJson ? ['--json'] : [])], {
    isInteractive: true,
    extraEnv: env,
  });
  return code;
}
