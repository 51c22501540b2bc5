import { BROKER_OPERATOR } from '@souk/contracts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { printProgress } from '../console/progress';
import { makeHome, ROOT, type Home } from '../machine/paths';
import { makeReadable } from '../machine/permissions';
import type { UpOptions } from '../runtime';
import { writeDescriptions } from '../settings/descriptions';
import { claimPorts } from '../settings/port-blocks';
import { readScale } from '../settings/scale';
import { completeSettingsFile, PASSWORD_VARIABLES, readSettings, type Settings } from '../settings/settings';
import { compose, composeLogged, requireDocker } from './compose';
import { waitUntilHealthy } from './health';
import { pullImages, serviceImages, writeImagesFile } from './images';
import { createMissingCertificates, hasTls, issueCertificates, operatorTls, TLS_ENGINES, TLS_SETTINGS } from './tls';

const ENGINES = ['mysql', 'rabbitmq', 'redis'];

/** Builds the image, starts what is missing, and replaces what has changed. */
export async function up(home: Home, options: UpOptions): Promise<Settings> {
  const settings = await prepare(home, options);
  await composeLogged(home, 'Building the image', ['build']);
  const scale = Object.entries(readScale(home)).flatMap(([name, count]) => ['--scale', `${name}=${count}`]);
  await composeLogged(home, 'Starting the containers', ['up', '--detach', '--remove-orphans', ...scale]);
  if (!home.isMain) writeDescriptions(home, settings, { tls: operatorTls(home, settings) });
  await waitUntilHealthy(home, { names: ['mysql'], isQuiet: true });
  await applyConfiguration(home, 'mysql', 'apply-schemas');
  await waitUntilHealthy(home, { isQuiet: false });
  // Compose keeps a container whose mounted files have changed. Not `docker kill`, after which Docker doesn't restart a container.
  await applyConfiguration(home, 'load-balancer', 'reload-load-balancer');
  // A running broker has read only the definitions that existed when it started.
  await applyConfiguration(home, 'rabbitmq', 'apply-definitions');
  return settings;
}

/** Replaces all certificates without restarting anything. */
export async function renewCertificates(home: Home): Promise<void> {
  if (!hasTls(readSettings(home))) throw new Failure('Souk runs without TLS. To use it: ./setup.sh --docker --tls');
  await issueCertificates(home);
  for (const [service, engine] of Object.entries(TLS_ENGINES))
    await applyConfiguration(home, service, 'reload-certificates', engine);
}

/** Starts only the engines, for tests. */
export async function upEngines(home: Home, options: UpOptions): Promise<Settings> {
  const settings = await prepare(home, { ...options, withFreePorts: true });
  await composeLogged(home, 'Starting the engines', ['up', '--detach', ...ENGINES]);
  await waitUntilHealthy(home, { names: ENGINES, isQuiet: true });
  // Tests create virtual hosts.
  const { code, stderr } = await compose(home, [
    ...['exec', '-T', 'rabbitmq', 'rabbitmqctl', 'set_user_tags', BROKER_OPERATOR, 'administrator'],
  ]);
  if (code !== 0) throw new Failure(`The broker's user can't be made an administrator: ${stderr.trim()}`);
  writeDescriptions(home, settings, { images: serviceImages() });
  return settings;
}

export async function build(home: Home): Promise<void> {
  await requireDocker();
  await pullImages();
  makeHome(home);
  completeSettingsFile(home, {}, ['ADMIN_API_KEY']);
  await composeLogged(home, 'Building the image', ['build']);
}

/** Creates a home with everything that Compose reads. */
async function prepare(home: Home, { withFreePorts, withTls, overrides }: UpOptions): Promise<Settings> {
  await requireDocker();
  await pullImages();
  makeHome(home);
  const ports = withFreePorts && !existsSync(home.envFile) ? await claimPorts(home) : {};
  const tlsSettings = withTls ? TLS_SETTINGS : {};
  const outcome = completeSettingsFile(home, { ...ports, ...tlsSettings, ...overrides }, ['ADMIN_API_KEY']);
  if (outcome !== 'unchanged' && home.isMain)
    printProgress(`${home.envFile} was ${outcome}: settings and generated passwords.`);
  const settings = readSettings(home);
  requirePlainPasswords(settings);
  if (hasTls(settings)) await createMissingCertificates(home);
  if (!home.isMain) writeImagesFile(home);
  makeReadable(join(ROOT, 'deploy'));
  return settings;
}

function requirePlainPasswords({ values }: Settings): void {
  const unsuitable = Object.values(PASSWORD_VARIABLES).filter((name) => !/^[A-Za-z0-9._~-]+$/.test(values[name] ?? ''));
  if (unsuitable.length === 0) return;
  const rule = 'In containers, passwords may contain only letters, digits and . _ ~ -';
  throw new Failure(`${rule}\nChange ${unsuitable.join(', ')}.`);
}

/** Runs a script that applies committed configuration to a running engine. */
async function applyConfiguration(home: Home, service: string, script: string, ...args: string[]): Promise<void> {
  const command = ['bash', `/opt/souk/containers/${script}`, ...args];
  const { code, stderr } = await compose(home, ['exec', '-T', service, ...command]);
  if (code !== 0) throw new Failure(`${script} failed in the container of ${service}: ${stderr.trim()}`);
}
