// @ts-check
import { Failure } from '../console/failure.mjs';
import { auditorEnvironment } from '../settings/auditor.mjs';
import { readSettings } from '../settings/settings.mjs';
import { compose } from './compose.mjs';
import { containers } from './containers.mjs';

/** A service whose image and network the auditor borrows; it has no container of its own while nobody asks. */
const BORROWED = 'cart-worker';

/**
 * Holds the live databases and the cash machines to the promises, from a container that is gone when it is done.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {{ isJson: boolean }} options
 * @returns {Promise<number>} the auditor's exit code
 * @throws {Failure} when the database does not run
 */
export async function audit(home, { isJson }) {
  const all = await containers(home);
  if (!all.some(({ name, isHealthy }) => name === 'mysql' && isHealthy))
    throw new Failure('The database is not running.');
  const env = auditorEnvironment(readSettings(home), {
    mysql: { host: 'mysql', port: 3306 },
    redis: { host: 'redis', port: 6379 },
  });
  // Named without their values, which nobody shall read in the list of processes.
  const names = Object.keys(env).flatMap((name) => ['-e', name]);
  const command = ['run', '--rm', '--no-deps', '-T', ...names, BORROWED, 'apps/auditor/main.js'];
  const { code } = await compose(home, [...command, ...(isJson ? ['--json'] : [])], {
    isInteractive: true,
    extraEnv: env,
  });
  return code;
}
