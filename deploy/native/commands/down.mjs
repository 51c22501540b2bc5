// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { tell } from '../../console/progress.mjs';
import { removeDataFolder } from '../engines/data-folder.mjs';
import { lockFile } from '../../machine/lock.mjs';
import { releasePorts } from '../settings/port-blocks.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { stopOrphans } from '../supervision/orphans.mjs';
import { planProcesses } from '../supervision/plan.mjs';
import { stopSupervisor } from '../supervision/start.mjs';

/**
 * Stops everything that runs in a home, with a supervisor or without one.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ isDataDoomed: boolean }} [options]
 * @returns {Promise<boolean>} whether anything was running
 */
export async function stop(home, options) {
  if (!existsSync(home.folder)) return false;
  const wasSupervised = await stopSupervisor(home, options);
  const orphans = existsSync(home.envFile) ? await stopOrphans(home, planProcesses(home, { withApps: true })) : [];
  return wasSupervised || orphans.length > 0;
}

/**
 * Stops a private home and removes it with all its data.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function down(home) {
  if (home.isMain) throw new Failure('This is the main system: use `stop`, or `reset` to remove its data.');
  if (!existsSync(home.envFile)) throw new Failure(`${home.folder} is not a home of Souk; nothing was removed.`);
  await stop(home, { isDataDoomed: true });
  removeHome(home);
}

/**
 * Removes all that a home holds once its processes have ended; only the lock stays, for whoever holds it.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export function removeHome(home) {
  // A supervisor that goes down with its parent removes its home too: whoever is second finds nothing.
  if (!home.isMain && existsSync(home.envFile)) releasePorts(home, readSettings(home).ports.cartApi);
  removeDataFolder(home);
  for (const name of readdirSync(home.folder)) {
    const path = join(home.folder, name);
    if (path !== lockFile(home) && !isHome(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** Whether a folder is a home of its own, such as that of tests under way. @param {string} path */
function isHome(path) {
  return existsSync(join(path, 'settings.env'));
}

/**
 * Stops the main system and removes all its data; the settings stay.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function reset(home) {
  await stop(home, { isDataDoomed: true });
  removeHome(home);
  tell(`All data is removed; the settings in ${home.envFile} are kept.`);
}
