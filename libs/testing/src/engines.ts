import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The addresses and passwords of the test engines, as written by `engines up`. */
export interface Engines {
  mysql: { host: string; port: number; rootPassword: string };
  rabbitmq: { host: string; port: number; managementPort: number; user: string; password: string };
  redis: { host: string; port: number; password: string };
  /** The images of the engines if they run in containers. A test file's own servers then use the same images. */
  images?: { mysql: string; rabbitmq: string; redis: string };
}

/** The repository's root folder. */
export const REPOSITORY = resolve(__dirname, '../../..');

/** Whether scenarios run in containers instead of local processes; set by `npm test -- --docker`. */
export const isInContainers = process.env['SOUK_E2E_MODE'] === 'docker';
/** Whether scenarios use TLS between the containers; set by `npm test -- --docker --tls`. */
export const isWithTls = process.env['SOUK_TEST_TLS'] === 'yes';

/** Time limit for starting a test's own server, and for its `beforeAll`. The first start on a busy machine is slow. */
export const ENGINE_START_TIMEOUT_MS = 120_000;

let engines: Engines | undefined;

export const enginesFile = () => process.env['SOUK_TEST_ENGINES'] ?? resolve(REPOSITORY, '.souk/test/engines.json');

/** @throws Error explaining how to start them if they aren't running */
export function testEngines(): Engines {
  const file = enginesFile();
  try {
    return (engines ??= JSON.parse(readFileSync(file, 'utf8')) as Engines);
  } catch (error) {
    throw new Error(
      `no test engines in ${file}: start them with \`node tools/souk.mjs engines up --home .souk/test\`, or run \`npm test\``,
      { cause: error },
    );
  }
}
