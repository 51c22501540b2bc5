import { rmSync } from 'node:fs';
import { printProgress } from '../console/progress';
import type { Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';
import { keyFolder } from '../shop/keys';
import { releasePorts } from '../settings/port-blocks';
import { readSettings } from '../settings/settings';
import { composeLogged } from './compose';
import { listContainers, listDocker, projectFilter } from './containers';

/** Removes a home's containers and data; a private home is removed as a whole. */
export async function removeSystem(home: Home): Promise<void> {
  await removeContainers(home);
  // The keys were in the database.
  rmSync(keyFolder(home, { isInContainers: true }), { recursive: true, force: true });
  if (home.isMain) return;
  await removeTestContainers(home);
  releasePorts(home, readSettings(home).ports.cartApi);
  rmSync(home.folder, { recursive: true, force: true });
}

/** Removes the containers, networks and volumes of a home. */
async function removeContainers(home: Home): Promise<void> {
  try {
    await composeLogged(home, 'Removing the containers', ['down', '--volumes', '--remove-orphans', '--timeout', '1']);
  } catch (error) {
    if ((await listContainers(home)).length > 0) throw error;
    // Docker may count a removed container as still connected. It then refuses to remove the network, and Compose stops there.
    const volumes = await listDocker('volume', 'ls', '--filter', projectFilter(home));
    if (volumes.length > 0 && (await runCommand('docker', ['volume', 'rm', ...volumes])).code !== 0) throw error;
    printProgress('The containers and their data are removed, but Docker keeps a network.');
    printProgress('To remove it, restart Docker, then run: docker network prune');
  }
}

/** Removes containers that killed test files left behind. @param home the home whose engines they used */
async function removeTestContainers(home: Home): Promise<void> {
  const ids = await listDocker('ps', '--all', '--filter', `label=souk.tests=${home.folder}`);
  if (ids.length > 0) await runCommand('docker', ['rm', '--force', '--volumes', ...ids]);
}
