// @ts-check
import { join } from 'node:path';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { CONSUMERS_APP, requireConsumer } from '../../settings/consumers.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { APPS } from '../settings/apps.mjs';
import { appEnvironment } from '../supervision/plan.mjs';
import { checkBuilt } from './build.mjs';

/**
 * Makes a consumer discard what it derived from the wallet's events, and derive it again from the first event.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string} consumer
 * @returns {Promise<number>} its exit code
 * @throws {Failure} if there is no such consumer, or its app was never built
 */
export async function rebuild(home, consumer) {
  requireConsumer(consumer);
  const app = APPS.find(({ name }) => name === CONSUMERS_APP);
  if (!app) throw new Error(`${CONSUMERS_APP} has no row`);
  await checkBuilt([app.name]);
  const { code } = await runCommand(
    process.execPath,
    [join(ROOT, 'dist/apps', app.name, 'main.js'), 'rebuild', consumer],
    { env: appEnvironment(app, readSettings(home), 1), isInteractive: true },
  );
  return code;
}
