// @ts-check
import { existsSync } from 'node:fs';
import { checkDurability } from '../../durability.mjs';
import { seed } from '../../seed/seed.mjs';
import { Failure } from '../../console/failure.mjs';
import { tell } from '../../console/progress.mjs';
import { makeDataFolder } from '../engines/data-folder.mjs';
import { installEngines } from '../engines/engine-packages.mjs';
import { queryMysql, writeMysqlClientFile } from '../engines/mysql.mjs';
import { askRabbitmq } from '../engines/rabbitmq.mjs';
import { askRedis } from '../engines/redis.mjs';
import { makeHome } from '../../machine/paths.mjs';
import { APPS } from '../settings/apps.mjs';
import { claimPorts } from '../settings/port-blocks.mjs';
import { portConflicts } from '../settings/port-conflicts.mjs';
import { completeSettingsFile, readSettings } from '../../settings/settings.mjs';
import { planProcesses } from '../supervision/plan.mjs';
import { startSupervisor, waitUntilHealthy } from '../supervision/start.mjs';
import { buildApps, checkBuilt } from './build.mjs';
import { writeDescriptions } from './descriptions.mjs';

/**
 * @typedef {object} UpOptions
 * @property {boolean} withApps false: only the engines
 * @property {boolean} withFreePorts choose free ports instead of those in the settings
 * @property {boolean} withSeed
 * @property {Record<string, string>} overrides settings to write into the home's settings file
 * @property {number} [parent] stop and remove everything when this process is gone
 */

/**
 * Brings a home up: installs, builds, starts and seeds what is missing, and leaves alone what runs well.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {UpOptions} options
 * @returns {Promise<import('../../settings/settings.mjs').Settings>}
 */
export async function up(home, options) {
  makeHome(home);
  await prepareSettings(home, options);
  await refuseConflicts(home, options.withApps);
  const settings = readSettings(home);
  await installEngines(home, settings);
  const elsewhere = makeDataFolder(home);
  if (elsewhere) tell(`The engines' users can't reach ${home.folder}, so the data lies in ${elsewhere}.`);
  if (options.withApps) await (home.isMain ? buildApps(home) : checkBuilt(APPS.map(({ name }) => name)));

  writeMysqlClientFile(home, settings);
  writeDescriptions(home, settings);
  tell(options.withApps ? 'Starting engines and apps …' : 'Starting engines …');
  await startSupervisor(home, options);
  await waitUntilHealthy(home);
  await checkDurability({
    mysql: (sql) => queryMysql(home, sql),
    rabbitmq: async (path) => (await askRabbitmq(settings, path)).body,
    redis: async (name) => {
      const answer = await askRedis(settings, ['CONFIG', 'GET', name]);
      return answer[answer.indexOf(name) + 2];
    },
  });
  if (options.withApps && options.withSeed) {
    for (const line of await seed(settings)) tell(line);
  }
  return settings;
}

/** @param {import('../../machine/paths.mjs').Home} home @param {UpOptions} options */
async function prepareSettings(home, { withFreePorts, withApps, overrides }) {
  const isFirst = !existsSync(home.envFile);
  const done = completeSettingsFile(home, {
    ...(isFirst && withFreePorts ? await claimPorts(home) : {}),
    ...overrides,
  });
  if (!isFirst && withFreePorts && (await portConflicts(home, planProcesses(home, { withApps }))).length > 0) {
    completeSettingsFile(home, await claimPorts(home));
  }
  if (done !== 'unchanged' && home.isMain) tell(`${home.envFile} was ${done}: settings and generated passwords.`);
}

/** @param {import('../../machine/paths.mjs').Home} home @param {boolean} withApps */
async function refuseConflicts(home, withApps) {
  const conflicts = await portConflicts(home, planProcesses(home, { withApps }));
  if (conflicts.length === 0) return;
  const advice = `Stop what holds them, or choose other ports in ${home.envFile}.`;
  throw new Failure(['Some ports are taken; nothing was started.', ...conflicts].join('\n  - ') + `\n${advice}`);
}
