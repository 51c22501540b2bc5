import { Failure } from '../console/failure';
import type { Home } from '../machine/paths';
import type { CommandResult } from '../machine/run-command';
import { CONSUMERS, CONSUMERS_APP, requireAppOfQueue } from '../settings/apps';
import { auditorEnvironment } from '../settings/auditor';
import { readSettings } from '../settings/settings';
import { compose, consumerService } from './compose';
import { listContainers } from './containers';
import { hasTls, TLS_IN_CONTAINERS } from './tls';

/** The auditor runs with the image and the networks of this service; it has no service of its own. */
const AUDITOR_SERVICE = 'cart-worker';

/** Prints the end of one service's log, or of all logs. */
export async function showLogs(
  home: Home,
  name: string | undefined,
  { isFollowed }: { isFollowed: boolean },
): Promise<void> {
  const args = ['logs', '--tail', '100', ...(isFollowed ? ['--follow'] : []), ...(name === undefined ? [] : [name])];
  if ((await runInteractively(home, args)) !== 0) process.exitCode = 1;
}

/** Sends the dead letters of a queue back to it. The app that consumes the queue does this, in one of its containers. */
export function redrive(home: Home, queue: string): Promise<number> {
  const { app, consumer } = requireAppOfQueue(queue);
  const service = app === CONSUMERS_APP ? consumerService(consumer) : app;
  return runInteractively(home, ['exec', '-T', service, 'node', `apps/${app}/main.js`, 'redrive', queue]);
}

/** Makes a consumer discard what it derived from the wallet's events, and derive it again from the first event. */
export function rebuild(home: Home, consumer: string): Promise<number> {
  // In a container of its own, so that it works even if the consumer doesn't.
  const container = ['run', '--rm', '--no-deps', '-T', consumerService(consumer)];
  return runInteractively(home, [...container, `apps/${CONSUMERS_APP}/main.js`, 'rebuild', consumer]);
}

/** Creates, lists, rotates or revokes API keys, in a running container, whose log doesn't get the output. */
export async function keys(
  home: Home,
  args: readonly string[],
  { isInteractive }: { isInteractive: boolean } = { isInteractive: false },
): Promise<CommandResult> {
  const running = (await listContainers(home)).map(({ name }) => name);
  const service = CONSUMERS.map(consumerService).find((each) => running.some((name) => name.startsWith(each)));
  if (!service) throw new Failure('No container of the app monitoring is running.');
  const container = ['exec', '-T', service, 'node', `apps/${CONSUMERS_APP}/main.js`];
  return compose(home, [...container, 'keys', ...args], { isInteractive });
}

/** Checks the live databases and the cash machines against the promises, in a container that is removed afterwards. */
export async function audit(home: Home, { isJson }: { isJson: boolean }): Promise<number> {
  const containers = await listContainers(home);
  if (!containers.some(({ name, isHealthy }) => name === 'mysql' && isHealthy))
    throw new Failure('The database is not running.');
  const settings = readSettings(home);
  const env = auditorEnvironment(settings, {
    mysql: { host: 'mysql', port: 3306 },
    redis: { host: 'redis', port: 6379 },
    tls: hasTls(settings) ? TLS_IN_CONTAINERS : undefined,
  });
  // Passed by name only, so that the values don't show in the process list.
  const names = Object.keys(env).flatMap((name) => ['-e', name]);
  const args = ['run', '--rm', '--no-deps', '-T', ...names, AUDITOR_SERVICE, 'apps/auditor/main.js'];
  return (await compose(home, isJson ? [...args, '--json'] : args, { isInteractive: true, extraEnv: env })).code;
}

async function runInteractively(home: Home, args: string[]): Promise<number> {
  if ((await listContainers(home)).length === 0) throw new Failure('Souk is not running.');
  return (await compose(home, args, { isInteractive: true })).code;
}
