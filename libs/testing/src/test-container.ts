import { execFile, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { enginesFile } from './engines';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

/** What a container runs, beside its image. */
export interface TestContainerOptions {
  environment?: Record<string, string>;
  /** Folders of this machine that it sees, and where. */
  folders?: Record<string, string>;
  command: string[];
  /** What it listens on; each gets a free port on this machine. */
  ports: number[];
}

export interface TestContainer {
  /** The port of this machine for one that the container listens on. */
  portOf(port: number): number;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Kills it and removes it with its data. */
  remove(): Promise<void>;
}

/** The containers of a test run are removed with its engines, even those of a test file that was killed. */
const LABEL = 'souk.tests';

/** A server in a container, for one test file. */
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
    pause: () => void spawnSync('docker', ['pause', id]),
    resume: () => void spawnSync('docker', ['unpause', id]),
    kill: async () => {
      // One that is paused can't be killed; one that has ended needn't be.
      await docker('unpause', id).catch(() => undefined);
      await docker('kill', id).catch(() => undefined);
    },
    remove: async () => void (await docker('rm', '--force', '--volumes', id)),
  };
}
