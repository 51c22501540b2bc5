// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { elapsed, tell } from '../console/progress.mjs';
import { checkDurability } from '../durability.mjs';
import { openForOthers } from '../machine/open-for-others.mjs';
import { makeHome, ROOT } from '../machine/paths.mjs';
import { runCommand } from '../machine/run-command.mjs';
import { writeDescriptions } from '../native/commands/descriptions.mjs';
import { RABBITMQ_USER } from '../native/engines/rabbitmq-definitions.mjs';
import { askRabbitmq } from '../native/engines/rabbitmq.mjs';
import { claimPorts } from '../native/settings/port-blocks.mjs';
import { systemStatus } from '../native/supervision/start.mjs';
import { seed } from '../seed/seed.mjs';
import { isReplicaOf, readScale } from '../settings/scale.mjs';
import { completeSettingsFile, PASSWORD_VARIABLES, readSettings } from '../settings/settings.mjs';
import { compose, composeLogged, requireDocker } from './compose.mjs';
import { containers } from './containers.mjs';
import { pullImages, serviceImages, writeImagesFile } from './images.mjs';

const POLL_MS = 500;
/** Startup fails if no further container becomes healthy for this long. A slow machine may take longer in total. */
const NO_PROGRESS_MAX_MS = 300_000;

/**
 * @typedef {object} UpOptions
 * @property {boolean} withFreePorts choose free ports instead of those in the settings
 * @property {boolean} withSeed
 * @property {Record<string, string>} overrides settings to write into the home's settings file
 */

/**
 * Brings a home up in containers: builds the image, starts what is missing, replaces what has changed.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {UpOptions} options
 * @returns {Promise<import('../settings/settings.mjs').Settings>}
 */
export async function up(home, { withFreePorts, withSeed, overrides }) {
  await requireDocker();
  await pullImages();
  await refuseNative(home);
  const settings = await prepare(home, { withFreePorts, overrides });
  await composeLogged(home, 'Building the image', ['build']);
  await start(home);
  if (!home.isMain) writeDescriptions(home, settings);
  await waitUntilHealthy(home, ['mysql']);
  await applySchemas(home);
  const running = await waitUntilHealthy(home);
  await applyDefinitions(home);
  await checkDurability({
    mysql: (sql) => queryMysql(running, sql),
    rabbitmq: async (path) => (await askRabbitmq(settings, path)).body,
    redis: async (name) =>
      (await compose(home, ['exec', '-T', 'redis', 'redis-cli', 'CONFIG', 'GET', name])).stdout.split('\n')[1]?.trim(),
  });
  if (withSeed) {
    for (const line of await seed(settings)) tell(line);
  }
  return settings;
}

const ENGINES = ['mysql', 'rabbitmq', 'redis'];

/**
 * Starts only the engines, for tests.
 *
 * @param {import('../machine/paths.mjs').Home} home a private one
 */
export async function upEngines(home) {
  await requireDocker();
  await pullImages();
  const settings = await prepare(home, { withFreePorts: true, overrides: {} });
  await composeLogged(home, 'Starting the engines', ['up', '--detach', ...ENGINES]);
  await waitUntilHealthy(home, ENGINES);
  // Tests create virtual hosts.
  const { code, stderr } = await compose(home, [
    ...['exec', '-T', 'rabbitmq', 'rabbitmqctl', 'set_user_tags', RABBITMQ_USER, 'administrator'],
  ]);
  if (code !== 0) throw new Failure(`The broker's user can't be made an administrator: ${stderr.trim()}`);
  writeDescriptions(home, settings, serviceImages());
}

/**
 * Creates a home with everything that Compose reads.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {Pick<UpOptions, 'withFreePorts' | 'overrides'>} options
 */
async function prepare(home, { withFreePorts, overrides }) {
  makeHome(home);
  const ports = withFreePorts && !existsSync(home.envFile) ? await claimPorts(home) : {};
  const done = completeSettingsFile(home, { ...ports, ...overrides }, ['ADMIN_API_KEY']);
  if (done !== 'unchanged' && home.isMain) tell(`${home.envFile} was ${done}: settings and generated passwords.`);
  const settings = readSettings(home);
  refuseUnfitPasswords(settings);
  if (!home.isMain) writeImagesFile(home);
  openForOthers(join(ROOT, 'deploy'));
  return settings;
}

/** Starts the containers that the settings and the scale require. @param {import('../machine/paths.mjs').Home} home */
export async function start(home) {
  const scale = Object.entries(readScale(home)).flatMap(([name, count]) => ['--scale', `${name}=${count}`]);
  await composeLogged(home, 'Starting the containers', ['up', '--detach', '--remove-orphans', ...scale]);
}

/** Refuses to start beside a native system, which needs the same ports. @param {import('../machine/paths.mjs').Home} home */
async function refuseNative(home) {
  if (!home.isMain || !existsSync(home.run) || !(await systemStatus(home))) return;
  throw new Failure('Souk runs here without containers. Stop that first: ./setup.sh stop --native');
}

/**
 * Runs an app's configured number of replicas without replacing running ones.
 * @param {import('../machine/paths.mjs').Home} home
 * @param {string} app
 */
export async function startReplicas(home, app) {
  const scale = `${app}=${readScale(home)[app] ?? 1}`;
  await composeLogged(home, `Scaling ${app}`, ['up', '--detach', '--no-recreate', '--no-deps', '--scale', scale, app]);
}

/** @param {import('../settings/settings.mjs').Settings} settings */
function refuseUnfitPasswords({ values }) {
  const unfit = Object.values(PASSWORD_VARIABLES).filter((name) => !/^[A-Za-z0-9._~-]+$/.test(values[name] ?? ''));
  if (unfit.length > 0) {
    throw new Failure(
      `In containers passwords may hold only letters, digits and . _ ~ - : change ${unfit.join(', ')}.`,
    );
  }
}

/** @param {import('../machine/paths.mjs').Home} home */
async function applySchemas(home) {
  const { code, stderr } = await compose(home, ['exec', '-T', 'mysql', 'bash', '/opt/souk/containers/apply-schemas']);
  if (code !== 0) throw new Failure(`The schemas can't be made: ${stderr.trim()}`);
}

/**
 * A running broker has only read the definitions that existed when it started.
 * @param {import('../machine/paths.mjs').Home} home
 */
async function applyDefinitions(home) {
  const { code, stderr } = await compose(home, [
    'exec',
    '-T',
    'rabbitmq',
    'bash',
    '/opt/souk/containers/apply-definitions',
  ]);
  if (code !== 0) throw new Failure(`The broker's policies can't be applied: ${stderr.trim()}`);
}

/**
 * Runs a statement in the database's container, as its administrator. Uses `docker exec`, because docker-compose takes a second
 * or more to start, and `status` is polled.
 *
 * @param {import('./containers.mjs').ContainerStatus[]} all
 * @param {string} sql
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} rows as lines, columns separated by tabs
 */
export function queryMysql(all, sql) {
  const id = all.find(({ name }) => name === 'mysql')?.id ?? '';
  const client = 'MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root --batch --skip-column-names --execute "$1"';
  return runCommand('docker', ['exec', id, 'bash', '-c', client, 'mysql', sql]);
}

/**
 * Waits until every container, or each of those named, is healthy.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {string[]} [names]
 * @throws {Failure} with the end of the log of each unhealthy container
 */
export async function waitUntilHealthy(home, names) {
  const startedAt = Date.now();
  let progressAt = startedAt;
  const healthy = new Set();
  for (;;) {
    const all = (await containers(home)).filter(
      ({ name }) => names === undefined || names.some((each) => isReplicaOf(each, name)),
    );
    for (const { name } of all.filter((one) => one.isHealthy && !healthy.has(one.name))) {
      healthy.add(name);
      progressAt = Date.now();
      if (names === undefined) tell(`  ${name.padEnd(22)} healthy after ${elapsed(startedAt)}`);
    }
    const unhealthy = all.filter(({ isHealthy }) => !isHealthy);
    if (all.length > 0 && unhealthy.length === 0) return all;
    if (Date.now() - progressAt > NO_PROGRESS_MAX_MS) {
      throw new Failure((await Promise.all(unhealthy.map(describeBroken))).join('\n\n'));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {import('./containers.mjs').ContainerStatus} container */
async function describeBroken({ id, name, state, detail, restarts }) {
  const { stdout, stderr } = await runCommand('docker', ['logs', '--tail', '20', id]);
  const lines = (stdout + stderr).trimEnd().split('\n');
  return [
    `${name} is not healthy: ${state}, ${detail || 'no reason given'} (restarted ${restarts} times). The end of its log:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}
