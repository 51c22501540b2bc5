import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { withProgress } from '../console/progress';
import { ROOT, type Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';
import { writeFileAtomically } from '../machine/write-file';

/** Tells setup.sh that it may continue without containers, unless the user insisted on them. */
const EXIT_IMAGES_MISSING = 3;

/** The services of the compose file that an image can run as, by repository name. */
const SERVICES: Record<string, string[]> = {
  mysql: ['mysql'],
  mariadb: ['mysql'],
  rabbitmq: ['rabbitmq'],
  redis: ['redis', 'limits-redis'],
  valkey: ['redis', 'limits-redis'],
  haproxy: ['load-balancer'],
};

/**
 * The images that SOUK_IMAGES names, e.g. `redis:7.2,haproxy:3.0`.
 * @returns the images by service
 * @throws Failure if no service can run an image
 */
function replacedImages(): Record<string, string> {
  const names = (process.env.SOUK_IMAGES ?? '').split(',').filter((name) => name !== '');
  return Object.fromEntries(
    names.flatMap((image) => {
      const services = SERVICES[image.split(':')[0]?.split('/').pop() ?? ''];
      if (!services)
        throw new Failure(`SOUK_IMAGES can't name ${image}; it can name: ${Object.keys(SERVICES).join(', ')}.`);
      return services.map((service) => [service, image]);
    }),
  );
}

/** @returns the public images by service: the compose file's, unless SOUK_IMAGES replaces them */
export function serviceImages(): Record<string, string> {
  const file = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const matches = [...file.matchAll(/^ {2}([a-z-]+):\n(?: {4}.*\n)*? {4}image: (\S+:\S+)$/gm)];
  const images = matches.map(([, service = '', image = '']) => [service, image] as const);
  return { ...Object.fromEntries(images), ...replacedImages() };
}

/** The file with the images of a private system, which Compose reads after the compose file. */
export function imagesFile(home: Home): string {
  return join(home.folder, 'images.yml');
}

/** @param home a private home */
export function writeImagesFile(home: Home): void {
  const services = Object.fromEntries(Object.entries(serviceImages()).map(([name, image]) => [name, { image }]));
  // JSON is valid YAML.
  writeFileAtomically(imagesFile(home), `${JSON.stringify({ services })}\n`);
}

/** @returns the public image that the apps' image is built on */
export function baseImage(): string {
  const file = readFileSync(join(ROOT, 'deploy/containers/Dockerfile'), 'utf8');
  return /^FROM (\S+:\S+)/m.exec(file)?.[1] ?? '';
}

/**
 * Pulls the public images that are missing: those of the services, and the one that the apps' image is built on.
 * @throws Failure with an exit code of its own: a caller that can run without containers may do so
 */
export async function pullImages(): Promise<void> {
  for (const image of new Set([...Object.values(serviceImages()), baseImage()])) {
    if ((await runCommand('docker', ['image', 'inspect', image])).code === 0) continue;
    const { code, stderr } = await withProgress(`Pulling ${image}`, () => runCommand('docker', ['pull', image]));
    const reason = stderr.trim().split('\n').pop() ?? '';
    if (code !== 0) throw new Failure(`The image ${image} can't be pulled: ${reason}`, EXIT_IMAGES_MISSING);
  }
}
