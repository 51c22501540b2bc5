import { execFile, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { enginesFile } from './engines';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

/** The options for running an image. */
interface TestContainerOptions {
  environment?: Record<string, string>;
  /** Local folders to mount read-only, and their paths in the container. */
  folders?: Record<string, string>;
  command: string[];
  /** The ports that it listens on; each is published on a free local port. */
  ports: number[];
}

interface TestContainer {
  /** The local port for a port that the container listens on. */
  portOf(port: number): number;
  pause(): Promise<void>;
  resume(): void;
  kill(): Promise<void>;
  /** Kills the container and removes it with its data. */
  remove(): Promise<void>;
}

/** Labels the containers of a test run, which are removed with its engines even if their test file was killed. */
const LABEL = 'souk.tests';

/** Starts a server in a container for one test file. */
export async function startTestContainer(image: string, options: TestContainerOptions): Promise<TestContainer> {
  const id = await docker(
    ...['run', '--detach', '--label', `${LABEL}=${dirname(enginesFile())}`],
    ...Object.entries(options.environment ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...Object.entries(options.folders ?? {}).flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]),
    ...options.ports.flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
    image,
    ...options.command,
  );
  const published = new Map<number, number>();
  for (const port of options.ports)
    published.set(port, Number(/:(\d+)$/m.exec(await docker('port', id, `${port}/tcp`))?.[1]));
  return {
    portOf: (port) => published.get(port)!,
    pause: async () => void (await docker('pause', id)),
    resume: () => void spawnSync('docker', ['unpause', id]),
    kill: async () => {
      // A paused container can't be killed. If the container has already ended, both commands fail, which is fine.
      await docker('unpause', id).catch(() => undefined);
      await docker('kill', id).catch(() => undefined);
    },
    remove: async () => void (await docker('rm', '--force', '--volumes', id)),
  };
}
