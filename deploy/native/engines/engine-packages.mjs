// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { withProgress } from '../../console/progress.mjs';
import { findExecutable } from '../../machine/find-executable.mjs';
import { lastLines, logFile } from '../../machine/log-file.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { supportedRange } from '../../supported-engines.mjs';
import { isMysqlInstalled } from './mysql.mjs';
import { isRabbitmqInstalled } from './rabbitmq.mjs';
import { isRedisInstalled } from './redis.mjs';

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
 *
 * @param {import('../../machine/paths.mjs').Home} home for the log of the installation
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @throws {Failure} naming what to install, if that can't be done here
 */
export async function installEngines(home, settings) {
  const missing = ENGINES.filter((engine) => !engine.isInstalled(settings));
  if (missing.length === 0) return;
  const log = logFile(home, 'install');
  const titles = missing.map(({ title }) => title);
  const [command, args] = installCommand(missing);
  if (!command) {
    throw new Failure(
      ['Please install these, so that their programs are in the PATH, and run this again:', ...titles].join('\n  - '),
    );
  }
  const needsPassword = command === 'sudo' && process.stdin.isTTY;
  if (needsPassword) await runCommand('sudo', ['-v'], { isInteractive: true });
  const { code } = await withProgress(`Installing ${titles.join(', ')}`, () =>
    runCommand(command, args, { logFile: log }),
  );
  const still = missing.filter((engine) => !engine.isInstalled(settings));
  if (code === 0 && still.length === 0) return;
  const lines = ['The engines could not be installed; the last lines:', ...lastLines(log, 15), `The whole log: ${log}`];
  throw new Failure([...lines, `Still missing: ${still.map(({ title }) => title).join(', ') || 'nothing'}`].join('\n'));
}

/**
 * @param {{ apt: string, brew: string }[]} engines
 * @returns {[string, string[]] | [undefined]}
 */
function installCommand(engines) {
  if (process.platform === 'darwin' && findExecutable('brew')) {
    return ['brew', ['install', ...engines.map(({ brew }) => brew)]];
  }
  if (!existsSync('/usr/bin/apt-get')) return [undefined];
  const script = ['bash', join(ROOT, 'deploy/native/engines/install-debian.sh'), ...engines.map(({ apt }) => apt)];
  if (process.getuid?.() === 0) return ['bash', script.slice(1)];
  if (!findExecutable('sudo')) return [undefined];
  return ['sudo', [...(process.stdin.isTTY ? [] : ['-n']), ...script]];
}
