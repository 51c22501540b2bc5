import { supportedRange } from '@souk/service';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure';
import { withProgress } from '../../console/progress';
import { findExecutable } from '../../machine/find-executable';
import { lastLines, logFile } from '../../machine/log-file';
import { ROOT, type Home } from '../../machine/paths';
import { runCommand } from '../../machine/run-command';
import type { Settings } from '../../settings/settings';
import { isMysqlInstalled } from './mysql';
import { isRabbitmqInstalled } from './rabbitmq';
import { isRedisInstalled } from './redis';

const ENGINES = [
  {
    isInstalled: isMysqlInstalled,
    apt: 'mariadb-server',
    brew: 'mariadb',
    title: `${supportedRange('mariadb')} or ${supportedRange('mysql')} (server and client)`,
  },
  { isInstalled: isRabbitmqInstalled, apt: 'rabbitmq-server', brew: 'rabbitmq', title: supportedRange('rabbitmq') },
  { isInstalled: isRedisInstalled, apt: 'redis-server', brew: 'redis', title: `${supportedRange('redis')} or Valkey` },
];

/**
 * Installs missing engines from the system's packages.
 * @param home for the log of the installation
 * @throws Failure naming what to install, if that can't be done here
 */
export async function installEngines(home: Home, settings: Settings): Promise<void> {
  const missing = ENGINES.filter((engine) => !engine.isInstalled(settings));
  if (missing.length === 0) return;
  const log = logFile(home, 'install');
  const titles = missing.map(({ title }) => title);
  const [command, ...args] = installCommand(missing);
  if (!command) {
    const advice = 'Install these engines, with their programs in the PATH, and run this command again:';
    throw new Failure([advice, ...titles].join('\n  - '));
  }
  const needsPassword = command === 'sudo' && process.stdin.isTTY;
  if (needsPassword) await runCommand('sudo', ['-v'], { isInteractive: true });
  const { code } = await withProgress(`Installing ${titles.join(', ')}`, () =>
    runCommand(command, args, { logFile: log }),
  );
  const stillMissing = missing.filter((engine) => !engine.isInstalled(settings));
  if (code === 0 && stillMissing.length === 0) return;
  throw new Failure(
    [
      'The engines could not be installed. The end of the log:',
      ...lastLines(log, 15),
      `The whole log: ${log}`,
      `Still missing: ${stillMissing.map(({ title }) => title).join(', ') || 'nothing'}`,
    ].join('\n'),
  );
}

/** @returns an empty list if this system's packages can't be installed from here */
function installCommand(engines: { apt: string; brew: string }[]): string[] {
  if (process.platform === 'darwin' && findExecutable('brew'))
    return ['brew', 'install', ...engines.map(({ brew }) => brew)];
  if (!existsSync('/usr/bin/apt-get')) return [];
  const script = ['bash', join(ROOT, 'tools/install-debian.sh'), ...engines.map(({ apt }) => apt)];
  if (process.getuid?.() === 0) return script;
  if (!findExecutable('sudo')) return [];
  return ['sudo', ...(process.stdin.isTTY ? [] : ['-n']), ...script];
}
