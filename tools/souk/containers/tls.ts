import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { ROOT, type Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';
import { APP_NAMES } from '../settings/apps';
import type { Settings } from '../settings/settings';

/** The compose file that adds TLS. It is in force while COMPOSE_FILE names it, so that docker-compose alone uses it too. */
export const TLS_FILE = 'deploy/containers/tls.yml';
export const TLS_SETTINGS = { COMPOSE_FILE: `docker-compose.yml:${TLS_FILE}` };

/** Where each container finds its certificate. */
export const TLS_IN_CONTAINERS = '/run/tls';

/** The certificate with which the tools of this machine identify themselves. */
const OPERATOR = 'operator';

/** The engines that use certificates, with the name of their kind in `reload-certificates`. */
export const TLS_ENGINES = { mysql: 'mysql', rabbitmq: 'rabbitmq', redis: 'redis', 'limits-redis': 'redis' } as const;
/** Each certificate is named after its host. The consumers of the wallet's events share one. */
export const CERTIFICATE_NAMES: readonly string[] = [...APP_NAMES, ...Object.keys(TLS_ENGINES), OPERATOR];

export const hasTls = ({ values }: Pick<Settings, 'values'>): boolean =>
  (values.COMPOSE_FILE ?? '').split(':').includes(TLS_FILE);

/** @returns the folder of the operator's certificate; undefined without TLS */
export const operatorTls = (home: Home, settings: Settings): string | undefined =>
  hasTls(settings) ? join(home.tls, OPERATOR) : undefined;

/** Creates the certificates that are missing. */
export async function createMissingCertificates(home: Home): Promise<void> {
  const missing = CERTIFICATE_NAMES.filter((name) => !existsSync(join(home.tls, name, 'tls.crt')));
  if (missing.length > 0) await issueCertificates(home, missing);
}

/** Issues certificates, or renews them. The authority stays the same. */
export async function issueCertificates(home: Home, names: readonly string[] = CERTIFICATE_NAMES): Promise<void> {
  const script = join(ROOT, 'deploy/tls/create-certificates');
  const { code, stderr } = await runCommand('bash', [script, home.tls, ...names]);
  if (code !== 0) throw new Failure(`The certificates can't be created: ${stderr.trim()}`);
}
