#!/usr/bin/env node
// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { confirm } from '../console/confirm.mjs';
import { Failure } from '../console/failure.mjs';
import { tell } from '../console/progress.mjs';
import { runProgram } from '../console/run-program.mjs';
import { statusTable } from '../console/status-table.mjs';
import { welcome } from '../console/welcome.mjs';
import { lockFile, withLock } from '../machine/lock.mjs';
import { makeHome } from '../machine/paths.mjs';
import { startMark } from '../machine/process-identity.mjs';
import { runCommand } from '../machine/run-command.mjs';
import { askRabbitmq } from '../native/engines/rabbitmq.mjs';
import { releasePorts } from '../native/settings/port-blocks.mjs';
import { redeliver } from '../redeliver.mjs';
import { auditExitCode } from '../settings/auditor.mjs';
import { appOfQueue, CONSUMERS_APP, consumerService, requireConsumer } from '../settings/consumers.mjs';
import { readScale, writeScale } from '../settings/scale.mjs';
import { completeSettingsFile, readSettings } from '../settings/settings.mjs';
import { findTroubles } from '../settings/troubles.mjs';
import { audit } from './audit.mjs';
import { compose, composeLogged, projectName, requireDocker, SCALE_BOUNDS } from './compose.mjs';
import { containers, dockerList } from './containers.mjs';
import { ImagesMissing, pullImages } from './images.mjs';
import { queryMysql, startReplicas, up, upEngines, waitUntilHealthy } from './up.mjs';

/** @typedef {import('../console/arguments.mjs').Arguments} Arguments */
/** @typedef {import('../machine/paths.mjs').Home} Home */

/** Tells setup.sh that it may continue without containers, unless the user insisted on them. */
const EXIT_IMAGES_MISSING = 3;
const PARENT_CHECK_MS = 1_000;

/** @type {Record<string, (home: Home, args: Arguments) => Promise<void>>} */
const COMMANDS = {
  async up(home, args) {
    if (args.parent !== undefined && !existsSync(home.envFile)) goDownWith(home, args.parent);
    const settings = await locked(home, () => up(home, args));
    if (home.isMain) console.log(welcome(settings, { mysql: 'docker-compose exec mysql mysql --user=cart -p cart' }));
  },
  async engines(home, { names: [action], parent }) {
    if (home.isMain) throw new Failure('`engines` needs --home DIR: a folder of its own.');
    if (action === 'down') return locked(home, () => remove(home));
    if (action !== 'up') throw new Failure('`engines` is followed by `up` or `down`.');
    if (parent !== undefined && !existsSync(home.envFile)) goDownWith(home, parent);
    await locked(home, () => upEngines(home));
  },
  async status(home, { isJson }) {
    const processes = await existing(home);
    const troubles =
      processes.length === 0
        ? []
        : await findTroubles({
            scale: readScale(home),
            mysql: (sql) => queryMysql(processes, sql),
            rabbitmq: async (path) => (await askRabbitmq(readSettings(home), path)).body,
          });
    if (isJson) console.log(JSON.stringify({ processes, troubles }));
    else console.log([processes.length > 0 ? statusTable(processes) : 'Souk is not running.', ...troubles].join('\n'));
    if (processes.length === 0 || troubles.length > 0 || processes.some(({ isHealthy }) => !isHealthy))
      process.exitCode = 1;
  },
  async logs(home, { names, isFollowed }) {
    await passOn(home, ['logs', '--tail', '100', ...(isFollowed ? ['--follow'] : []), ...names.slice(0, 1)]);
  },
  async stop(home) {
    await locked(home, () => composeLogged(home, 'Stopping the containers', ['stop']));
    tell('Stopped; the data stays.');
  },
  async down(home) {
    if (home.isMain) throw new Failure('This is the main system: use `stop`, or `reset` to remove its data.');
    await locked(home, () => remove(home));
  },
  async reset(home, { isConfirmed }) {
    if (!isConfirmed && !(await confirm('Stop everything and remove the containers and all data?'))) return;
    await locked(home, () => remove(home));
    tell(`All data is removed; the settings in ${home.envFile} are kept.`);
  },
  async scale(home, { names: [name = '', count = ''] }) {
    await locked(home, async () => {
      writeScale(home, SCALE_BOUNDS, name, /^\d+$/.test(count) ? Number(count) : NaN);
      await startReplicas(home, name);
    });
    if (Number(count) > 0) await waitUntilHealthy(home, [name]);
    console.log(statusTable(await existing(home)));
  },
  async restart(home, { names: [name = ''] }) {
    const all = await existing(home);
    const one = all.find((container) => container.name === name);
    if (!one)
      throw new Failure(`There is no "${name}"; there is: ${all.map((each) => each.name).join(', ') || 'nothing'}.`);
    await locked(home, () => runCommand('docker', ['restart', one.id]));
    console.log(statusTable(await waitUntilHealthy(home)));
  },
  async redrive(home, { names: [queue = ''] }) {
    const consumer = queue.split('.')[0] ?? '';
    const service = SCALE_BOUNDS.apps.find((name) => name === consumer || name === consumerService(consumer));
    if (!service) throw new Failure(`redrive wants the name of a queue, such as cart-worker.jobs, not "${queue}".`);
    await passOn(home, ['exec', '-T', service, 'node', `apps/${appOfQueue(queue)}/main.js`, 'redrive', queue]);
  },
  async rebuild(home, { names: [consumer = ''] }) {
    requireConsumer(consumer);
    // In a container of its own, so that it works even if the consumer doesn't.
    await passOn(home, [
      'run',
      '--rm',
      '--no-deps',
      '-T',
      consumerService(consumer),
      `apps/${CONSUMERS_APP}/main.js`,
      'rebuild',
      consumer,
    ]);
  },
  async redeliver(home, { names: [account = ''] }) {
    console.log(await redeliver(readSettings(home), account));
  },
  async audit(home, { isJson }) {
    process.exitCode = await auditExitCode(() => audit(home, { isJson }));
  },
  async build(home) {
    await requireDocker();
    await pullImages();
    makeHome(home);
    completeSettingsFile(home, {}, ['ADMIN_API_KEY']);
    await composeLogged(home, 'Building the image', ['build']);
  },
  async watch(home, { parent = 0 }) {
    const mark = startMark(parent);
    while (startMark(parent) === mark && existsSync(home.folder)) {
      await new Promise((resolve) => setTimeout(resolve, PARENT_CHECK_MS));
    }
    if (existsSync(home.envFile)) await locked(home, () => remove(home));
  },
};

/** @template T @param {Home} home @param {() => Promise<T>} task */
function locked(home, task) {
  return withLock(lockFile(home), task);
}

/** The containers of a home; none if it was never brought up. @param {Home} home */
async function existing(home) {
  return existsSync(home.envFile) ? containers(home) : [];
}

/** @param {Home} home @param {string[]} args */
async function passOn(home, args) {
  if ((await existing(home)).length === 0) throw new Failure('Souk is not running.');
  const { code } = await compose(home, args, { isInteractive: true });
  if (code !== 0) process.exitCode = 1;
}

/** Removes a home's containers and data; a private home is removed as a whole. @param {Home} home */
async function remove(home) {
  if (!existsSync(home.envFile)) throw new Failure(`${home.folder} is not a home of Souk; nothing was removed.`);
  await removeContainers(home);
  if (home.isMain) return;
  await removeTestContainers(home);
  releasePorts(home, readSettings(home).ports.cartApi);
  rmSync(home.folder, { recursive: true, force: true });
}

/** Removes the containers, networks and volumes of a home. @param {Home} home */
async function removeContainers(home) {
  try {
    await composeLogged(home, 'Removing the containers', ['down', '--volumes', '--remove-orphans', '--timeout', '1']);
  } catch (error) {
    if ((await containers(home)).length > 0) throw error;
    // Docker may count a removed container as still connected. It then refuses to remove the network, and Compose stops there.
    const filter = `label=com.docker.compose.project=${projectName(home)}`;
    const volumes = await dockerList('volume', 'ls', '--filter', filter);
    if (volumes.length > 0 && (await runCommand('docker', ['volume', 'rm', ...volumes])).code !== 0) throw error;
    tell(
      'The containers and their data are removed, but Docker keeps a network. Restart Docker, then: docker network prune',
    );
  }
}

/** Removes containers that killed test files left behind. @param {Home} home whose engines they used */
async function removeTestContainers(home) {
  const ids = await dockerList('ps', '--all', '--filter', `label=souk.tests=${home.folder}`);
  if (ids.length > 0) await runCommand('docker', ['rm', '--force', '--volumes', ...ids]);
}

/** Starts a watcher that removes a private system once its parent process is gone. @param {Home} home @param {number} parent */
function goDownWith(home, parent) {
  makeHome(home);
  const args = [fileURLToPath(import.meta.url), 'watch', '--home', home.folder, '--parent', String(parent)];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

await runProgram(COMMANDS, (error) => (error instanceof ImagesMissing ? EXIT_IMAGES_MISSING : 1));
