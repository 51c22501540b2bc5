import { join } from 'node:path';
import { ROOT, type Home } from '../machine/paths';
import { runCommand, type CommandResult } from '../machine/run-command';
import { LOOPBACK, rabbitmqUrl } from '../settings/addresses';
import { CONSUMERS_APP, requireAppOfQueue } from '../settings/apps';
import { auditorEnvironment } from '../settings/auditor';
import { readSettings } from '../settings/settings';
import { APPS } from './apps';
import { requireBuilt } from './build';
import { appEnvironment } from './supervision/plan';
import { baseEnvironment } from './supervision/process-spec';

const monitoring = APPS.find(({ name }) => name === CONSUMERS_APP)!;

/** Sends the dead letters of a queue back to it. The app that consumes the queue does this. */
export function redrive(home: Home, queue: string): Promise<number> {
  const { app } = requireAppOfQueue(queue);
  const env = { ...baseEnvironment(), RABBITMQ_URL: rabbitmqUrl(readSettings(home), app) };
  return runApp(app, ['redrive', queue], env);
}

/** Makes a consumer discard what it derived from the wallet's events, and derive it again from the first event. */
export function rebuild(home: Home, consumer: string): Promise<number> {
  return runApp(monitoring.name, ['rebuild', consumer], appEnvironment(monitoring, readSettings(home), 1));
}

/** Creates, lists, rotates or revokes API keys. */
export function keys(
  home: Home,
  args: readonly string[],
  { isInteractive }: { isInteractive: boolean } = { isInteractive: false },
): Promise<CommandResult> {
  const env = appEnvironment(monitoring, readSettings(home), 1);
  return runCommand(process.execPath, [programOf(monitoring.name), 'keys', ...args], { env, isInteractive });
}

/** Checks the live databases and the cash machines against the promises. */
export function audit(home: Home, { isJson }: { isJson: boolean }): Promise<number> {
  const settings = readSettings(home);
  const addressOf = (engine: 'mysql' | 'redis') => ({ host: LOOPBACK, port: settings.ports[engine] });
  const env = {
    ...baseEnvironment(),
    ...auditorEnvironment(settings, { mysql: addressOf('mysql'), redis: addressOf('redis') }),
  };
  return runApp('auditor', isJson ? ['--json'] : [], env);
}

/**
 * @returns the app's exit code
 * @throws Failure if the app has never been built
 */
async function runApp(name: string, args: string[], env: Record<string, string>): Promise<number> {
  return (await runCommand(process.execPath, [programOf(name), ...args], { env, isInteractive: true })).code;
}

/** @throws Failure if the app has never been built */
function programOf(name: string): string {
  requireBuilt([name]);
  return join(ROOT, 'dist/apps', name, 'main.js');
}
