import { Redis } from 'ioredis';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testEngines } from './engines';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startTestContainer } from './test-container';

export interface TestRedisServer {
  url: string;
  port: number;
  /** Runs a command as an operator would. */
  call(command: string, ...parameters: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** The settings of every Redis in a running system. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
const HOST = '127.0.0.1';

async function startProgram(): Promise<{ port: number; remove(operator: Redis): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', HOST, '--dir', folder, ...DURABLE];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    port,
    remove: async (operator) => {
      // Not SIGKILL: a child process that is rewriting the append-only file would go on writing.
      void operator.call('SHUTDOWN', 'NOSAVE', 'NOW', 'FORCE').catch(() => undefined);
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startContainer(image: string): Promise<{ port: number; remove(): Promise<void> }> {
  const command = ['redis-server', '--bind', '0.0.0.0', '--protected-mode', 'no', ...DURABLE];
  const { portOf, remove } = await startTestContainer(image, { command, ports: [6379] });
  return { port: portOf(6379), remove };
}

/**
 * Starts a Redis for one test file, for tests that would disturb others on the shared one, such as those that change its role or
 * fill its memory.
 */
export async function startTestRedisServer(): Promise<TestRedisServer> {
  const image = testEngines().images?.redis;
  const { port, remove } = await (image ? startContainer(image) : startProgram());
  const operator = new Redis(port, HOST, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  operator.on('error', () => undefined);
  await eventually(() => operator.ping());
  return {
    url: `redis://${HOST}:${port}`,
    port,
    call: (command, ...parameters) => operator.call(command, ...parameters),
    stop: async () => {
      await remove(operator);
      operator.disconnect();
    },
  };
}
