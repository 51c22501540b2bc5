// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { withProgress } from '../console/progress.mjs';
import { ROOT } from '../machine/paths.mjs';
import { runCommand } from '../machine/run-command.mjs';
import { writeFileAtomically } from '../machine/write-file.mjs';

/** A public image can't be pulled; a caller that can run without containers may do so. */
export class ImagesMissing extends Failure {}

/** The service of the compose file that an image can run as, by repository name. */
const SERVICES = /** @type {Record<string, string>} */ ({
  mysql: 'mysql',
  mariadb: 'mysql',
  rabbitmq: 'rabbitmq',
  redis: 'redis',
  valkey: 'redis',
  haproxy: 'load-balancer',
});

/**
 * The images that SOUK_IMAGES names, e.g. `redis:7.2,haproxy:3.0`.
 *
 * @returns {Record<string, string>} by service
 * @throws {Failure} if no service can run an image
 */
function replacedImages() {
  const names = (process.env.SOUK_IMAGES ?? '').split(',').filter((name) => name !== '');
  return Object.fromEntries(
    names.map((image) => {
      const service = SERVICES[image.split(':')[0]?.split('/').pop() ?? ''];
      if (!service) throw new Failure(`SOUK_IMAGES names ${image}; it may name: ${Object.keys(SERVICES).join(', ')}.`);
      return [service, image];
    }),
  );
}

/** @returns {Record<string, string>} the public images by service: the compose file's, unless SOUK_IMAGES replaces them */
export function serviceImages() {
  const file = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const named = [...file.matchAll(/^ {2}([a-z-]+):\n(?: {4}.*\n)*? {4}image: (\S+:\S+)$/gm)];
  return { ...Object.fromEntries(named.map(([, service, image]) => [service, image])), ...replacedImages() };
}

/**
 * The file with the images of a private system, which Compose reads after the compose file.
 *
 * @param {import('../machine/paths.mjs').Home} home
 */
export function imagesFile(home) {
  return join(home.folder, 'images.yml');
}

/** @param {import('../machine/paths.mjs').Home} home a private one */
export function writeImagesFile(home) {
  const services = Object.fromEntries(Object.entries(serviceImages()).map(([name, image]) => [name, { image }]));
  // JSON is valid YAML.
  writeFileAtomically(imagesFile(home), `${JSON.stringify({ services })}\n`);
}

/** @returns the public image that the apps' image is built on */
export function baseImage() {
  const file = readFileSync(join(ROOT, 'deploy/containers/Dockerfile'), 'utf8');
  return /^FROM (\S+:\S+)/m.exec(file)?.[1] ?? '';
}

/**
 * Pulls the public images that are missing: those of the services, and the one that the apps' image is built on.
 *
 * @throws {ImagesMissing}
 */
export async function pullImages() {
  for (const image of new Set([...Object.values(serviceImages()), baseImage()])) {
    if ((await runCommand('docker', ['image', 'inspect', image])).code === 0) continue;
    const { code, stderr } = await withProgress(`Pulling ${image}`, () => runCommand('docker', ['pull', image]));
    if (code !== 0) throw new ImagesMissing(`The image ${image} can't be pulled: ${stderr.trim().split('\n').pop()}`);
  }
}
