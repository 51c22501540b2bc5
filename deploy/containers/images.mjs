// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { withProgress } from '../console/progress.mjs';
import { ROOT } from '../machine/paths.mjs';
import { runCommand } from '../machine/run-command.mjs';

/** The public images can't be had; what asked for containers may do without them. */
export class ImagesMissing extends Failure {}

/** The public images that the compose file and the Dockerfile name. */
function publicImages() {
  const read = (/** @type {string} */ file) => readFileSync(join(ROOT, file), 'utf8');
  const named = [
    ...read('docker-compose.yml').matchAll(/^\s+image: (\S+:\S+)$/gm),
    ...read('deploy/containers/Dockerfile').matchAll(/^FROM (\S+:\S+)/gm),
  ];
  return [...new Set(named.map(([, image]) => image ?? ''))];
}

/**
 * Pulls the public images that are not here yet.
 *
 * @throws {ImagesMissing}
 */
export async function pullImages() {
  for (const image of publicImages()) {
    if ((await runCommand('docker', ['image', 'inspect', image])).code === 0) continue;
    const { code, stderr } = await withProgress(`Pulling ${image}`, () => runCommand('docker', ['pull', image]));
    if (code !== 0) throw new ImagesMissing(`The image ${image} can't be pulled: ${stderr.trim().split('\n').pop()}`);
  }
}
