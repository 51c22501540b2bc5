import { Redis } from 'ioredis';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';

export interface TestRedisServer {
  url: string;
  port: number;
  /** Runs a command as an operator would. */
  call(command: string, ...parameters: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** A Redis for one test file, for tests that would disturb others on the shared one: another role, a full memory. */
export async function startTestRedisServer(): Promise<TestRedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const operator = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
  operator.on('error', () => undefined);
  await eventually(() => operator.ping());
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    call: (command, ...parameters) => operator.call(command, ...parameters),
    stop: async () => {
      operator.disconnect();
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
