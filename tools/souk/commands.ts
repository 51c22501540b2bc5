import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import type { Arguments } from './console/arguments';
import { confirm } from './console/confirm';
import { Failure } from './console/failure';
import { printProgress } from './console/progress';
import { statusTable } from './console/status-table';
import { welcome } from './console/welcome';
import { checkDurability } from './engines/durability';
import { queryRabbitmq, type EngineQueries } from './engines/engine-queries';
import { findProblems } from './engines/problems';
import { withLock } from './machine/lock';
import type { Home } from './machine/paths';
import type { Runtime } from './runtime';
import { requireConsumer } from './settings/apps';
import { auditExitCode } from './settings/auditor';
import { readScale } from './settings/scale';
import { readSettings } from './settings/settings';
import { createKeys, isAccessClosed, keyFile } from './shop/keys';
import { redeliver } from './shop/redeliver';
import { seed } from './shop/seed';

interface System {
  home: Home;
  runtime: Runtime;
}

type Command = (system: System, args: Arguments) => Promise<void>;

/** The implementation of each command. `help.txt` describes all but `supervise`, which the programs start themselves. */
export const COMMANDS: Record<string, Command> = {
  up: bringUp,

  async dev(system, args) {
    const { runtime } = system;
    if (!runtime.develop) throw new Failure('dev works only without containers. Run: npm run dev');
    const wasRunning = (await runtime.status()) !== undefined;
    await bringUp(system, args);
    printProgress(`Watching apps/ and libs/. Ctrl-C ${wasRunning ? 'leaves Souk running, as it was' : 'stops Souk'}.`);
    await runtime.develop();
    if (!wasRunning) await stop(system);
  },

  async engines(system, args) {
    const { home, runtime } = system;
    const [action] = args.names;
    if (home.isMain) throw new Failure('engines needs --home DIR: the folder of a private system.');
    if (action === 'down') return removePrivate(system);
    if (action !== 'up') throw new Failure('engines must be followed by up or down.');
    await withLock(home, async () => {
      await runtime.upEngines(args);
      await checkDurability(queriesOf(home, runtime));
    });
  },

  async status({ home, runtime }, { isJson }) {
    const status = await runtime.status();
    const problems = status ? await findProblems(readScale(home), queriesOf(home, runtime)) : [];
    // `troubles` is the documented name in the JSON output.
    if (isJson) console.log(JSON.stringify({ ...(status ?? { processes: [] }), troubles: problems }));
    else console.log([status ? statusTable(status.processes) : 'Souk is not running.', ...problems].join('\n'));
    const isAllWell = problems.length === 0 && status?.processes.every(({ isHealthy }) => isHealthy);
    if (!isAllWell) process.exitCode = 1;
  },

  async logs({ runtime }, { names, isFollowed }) {
    await runtime.showLogs(names[0], { isFollowed });
  },

  async restart({ home, runtime }, { names: [name = ''] }) {
    await withLock(home, async () => {
      const names = (await requireRunning(runtime)).map((process) => process.name);
      if (!names.includes(name)) throw new Failure(`There is no process "${name}". Running: ${names.join(', ')}.`);
      await runtime.restart(name);
    });
    await runtime.waitUntilHealthy();
    console.log(statusTable(await requireRunning(runtime)));
  },

  async scale({ home, runtime }, { names: [app = '', text = ''] }) {
    const count = /^\d+$/.test(text) ? Number(text) : NaN;
    await withLock(home, () => runtime.scale(app, count));
    if (count > 0) await runtime.waitUntilHealthy(app);
    console.log(statusTable(await requireRunning(runtime)));
  },

  async redrive({ runtime }, { names: [queue = ''] }) {
    const code = await runtime.redrive(queue);
    if (code !== 0) throw new Failure(`The redrive stopped early (exit ${code}).`);
  },

  async rebuild({ runtime }, { names: [consumer = ''] }) {
    requireConsumer(consumer);
    if ((await runtime.rebuild(consumer)) !== 0) process.exitCode = 1;
  },

  async redeliver({ home }, { names: [account = ''] }) {
    console.log(await redeliver(readSettings(home), account));
  },

  async keys({ runtime }, { names, isJson, options }) {
    const args = [...names, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)];
    const { code } = await runtime.keys(isJson ? [...args, '--json'] : args, { isInteractive: true });
    if (code !== 0) process.exitCode = 1;
  },

  async audit({ runtime }, { isJson }) {
    process.exitCode = await auditExitCode(() => runtime.audit({ isJson }));
  },

  async 'renew-certificates'({ home, runtime }) {
    const { renewCertificates } = runtime;
    if (!renewCertificates) throw new Failure('Only a system in containers has certificates of its own.');
    await withLock(home, () => renewCertificates());
    printProgress('All certificates are renewed. New connections use them at once, and open ones stay.');
  },

  async build({ runtime }) {
    await runtime.build();
  },

  stop,

  async down(system) {
    if (system.home.isMain)
      throw new Failure('down removes private systems only. Stop this one with stop; reset also removes its data.');
    await removePrivate(system);
  },

  async reset({ home, runtime }, { isConfirmed }) {
    if (!isConfirmed && !(await confirm('Stop everything and remove all data?'))) return;
    await withLock(home, () => runtime.remove());
    printProgress(`All data is removed; the settings in ${home.envFile} are kept.`);
  },

  async supervise({ runtime }, { parent, isEnginesOnly }) {
    await runtime.supervise({ parent, withApps: !isEnginesOnly });
  },
};

async function bringUp({ home, runtime }: System, args: Arguments): Promise<void> {
  if (args.withTls && !runtime.isInContainers) throw new Failure('--tls works only in containers: add --docker.');
  const settings = await withLock(home, async () => {
    const upSettings = await runtime.up(args);
    await checkDurability(queriesOf(home, runtime));
    if (isAccessClosed(upSettings, runtime)) for (const line of await createKeys(home, runtime)) printProgress(line);
    if (args.withSeed) for (const line of await seed(upSettings)) printProgress(line);
    return upSettings;
  });
  if (!home.isMain) return;
  const pathOf = (name: 'shop' | 'operator') => keyFile(home, runtime, name);
  const keys = isAccessClosed(settings, runtime) ? { shop: pathOf('shop'), operator: pathOf('operator') } : undefined;
  console.log(welcome(settings, runtime.whereabouts(), keys));
}

async function stop({ home, runtime }: System): Promise<void> {
  const wasRunning = await withLock(home, () => runtime.stop());
  printProgress(wasRunning ? 'Stopped; the data stays.' : 'Nothing was running.');
}

function queriesOf(home: Home, runtime: Runtime): EngineQueries {
  return {
    mysql: (sql) => runtime.queryMysql(sql),
    rabbitmq: async (path) => (await queryRabbitmq(readSettings(home), path)).body,
    redis: (name) => runtime.readRedisSetting(name),
  };
}

async function requireRunning(runtime: Runtime) {
  const status = await runtime.status();
  if (!status) throw new Failure('Souk is not running.');
  return status.processes;
}

async function removePrivate({ home, runtime }: System): Promise<void> {
  if (!existsSync(home.folder)) return;
  await withLock(home, async () => {
    if (!existsSync(home.envFile)) throw new Failure(`${home.folder} is not a home of Souk; nothing was removed.`);
    await runtime.remove();
  });
  // If the folder isn't empty, the home has been brought up again.
  if (existsSync(home.folder) && readdirSync(home.folder).length === 0) rmdirSync(home.folder);
}
