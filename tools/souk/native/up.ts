import { existsSync } from 'node:fs';
import { Failure } from '../console/failure';
import { printProgress } from '../console/progress';
import { makeHome, type Home } from '../machine/paths';
import type { UpOptions } from '../runtime';
import { APP_NAMES } from '../settings/apps';
import { writeDescriptions } from '../settings/descriptions';
import { claimPorts } from '../settings/port-blocks';
import { completeSettingsFile, readSettings, type Settings } from '../settings/settings';
import { isAccessClosed } from '../shop/keys';
import { buildApps, requireBuilt } from './build';
import { makeDataFolder } from './engines/data-folder';
import { installEngines } from './engines/engine-packages';
import { writeMysqlClientFile } from './engines/mysql';
import { portConflicts } from './port-conflicts';
import { planProcesses } from './supervision/plan';
import { startSupervisor, waitUntilHealthy } from './supervision/start';

/** @param options withApps: false for only the engines */
export async function up(home: Home, options: UpOptions & { withApps: boolean }): Promise<Settings> {
  makeHome(home);
  await prepareSettings(home, options);
  await requireFreePorts(home, options);
  const settings = readSettings(home);
  await installEngines(home, settings);
  const dataElsewhere = makeDataFolder(home);
  if (dataElsewhere)
    printProgress(`The engines' users have no access to ${home.folder}, so the data is in ${dataElsewhere}.`);
  if (options.withApps) {
    if (home.isMain) await buildApps(home);
    else requireBuilt(APP_NAMES);
  }

  writeMysqlClientFile(home, settings);
  writeDescriptions(home, settings);
  printProgress(options.withApps ? 'Starting engines and apps …' : 'Starting engines …');
  await startSupervisor(home, options);
  await waitUntilHealthy(home, { isQuiet: false });
  return settings;
}

async function prepareSettings(
  home: Home,
  { withFreePorts, withApps, overrides }: UpOptions & { withApps: boolean },
): Promise<void> {
  const isNewHome = !existsSync(home.envFile);
  const ports = isNewHome && withFreePorts ? await claimPorts(home) : {};
  const outcome = completeSettingsFile(home, { ...ports, ...overrides });
  // Demo data is added with this key.
  if (isAccessClosed(readSettings(home), { isInContainers: false })) completeSettingsFile(home, {}, ['ADMIN_API_KEY']);
  if (!isNewHome && withFreePorts && (await portConflicts(home, planProcesses(home, { withApps }))).length > 0)
    completeSettingsFile(home, await claimPorts(home));
  if (outcome !== 'unchanged' && home.isMain)
    printProgress(`${home.envFile} was ${outcome}: settings and generated passwords.`);
}

async function requireFreePorts(home: Home, { withApps }: { withApps: boolean }): Promise<void> {
  const conflicts = await portConflicts(home, planProcesses(home, { withApps }));
  if (conflicts.length === 0) return;
  const advice = `Stop these processes, or choose other ports in ${home.envFile}.`;
  throw new Failure(['Some ports are in use; nothing was started.', ...conflicts].join('\n  - ') + `\n${advice}`);
}
