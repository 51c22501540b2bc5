import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '../machine/lock';
import type { Home } from '../machine/paths';
import { releasePorts } from '../settings/port-blocks';
import { readSettings } from '../settings/settings';
import { keyFolder } from '../shop/keys';
import { removeDataFolder } from './engines/data-folder';
import { stopOrphans } from './supervision/orphans';
import { planProcesses } from './supervision/plan';
import { stopSupervisor } from './supervision/start';

/**
 * Stops everything that runs in a home, with or without a supervisor.
 * @param options isDataDoomed: engines needn't shut down cleanly, because their data will be removed
 * @returns whether anything was running
 */
export async function stopSystem(home: Home, options: { isDataDoomed: boolean }): Promise<boolean> {
  if (!existsSync(home.folder)) return false;
  const wasSupervised = await stopSupervisor(home, options);
  const orphans = existsSync(home.envFile) ? await stopOrphans(home, planProcesses(home, { withApps: true })) : [];
  return wasSupervised || orphans.length > 0;
}

/**
 * Removes the content of a home whose processes have ended, except the lock, which its holder still needs, and nested homes.
 */
export function removeHome(home: Home): void {
  // A supervisor that stops with its parent removes the home too, so there may be nothing left.
  if (!home.isMain && existsSync(home.envFile)) releasePorts(home, readSettings(home).ports.cartApi);
  removeDataFolder(home);
  for (const name of readdirSync(home.folder)) {
    const path = join(home.folder, name);
    // The database in containers, which these keys are for, stays.
    const isOfContainers = home.isMain && path === keyFolder(home, { isInContainers: true });
    if (path !== lockFile(home) && !isHome(path) && !isOfContainers) rmSync(path, { recursive: true, force: true });
  }
}

/** Whether a folder is a home itself, such as that of a running test. */
function isHome(path: string): boolean {
  return existsSync(join(path, 'settings.env'));
}
