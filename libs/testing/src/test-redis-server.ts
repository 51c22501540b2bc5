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

/** What every Redis of a running system has. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** A Redis for one test file, for tests that would disturb others on the shared one: another role, a full memory. */
export async function startTestRedisServer(): Promise<TestRedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...DURABLE];
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
      // Not SIGKILL: a child that rewrites the file of appended commands would go on writing.
      void operator.call('SHUTDOWN', 'NOSAVE', 'NOW', 'FORCE').catch(() => undefined);
      await ended;
      operator.disconnect();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
