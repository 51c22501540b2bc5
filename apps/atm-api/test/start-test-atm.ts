import { createLogger, createMetrics, type Registry } from '@souk/service';
import { eventually, testRedis } from '@souk/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app';
import { configSchema, type Config } from '../src/config';
import { createFileStore } from '../src/store/file-store';
import type { MachineStore } from '../src/store/machine-store';
import { createRedisStore } from '../src/store/redis-store';

const SILENT = createLogger('atm-api', 'silent');

/** The storage for the machines of a test: a folder or a part of Redis of its own. */
export interface TestStorage {
  kind: 'redis' | 'file';
  /** Settings for an app that stores its machines there. */
  settings: Partial<Config>;
  keyPrefix: string;
  store(machineIds?: readonly string[]): MachineStore;
  remove(): void;
}

export const STORE_KINDS = ['redis', 'file'] as const;

export function createTestStorage(kind: TestStorage['kind']): TestStorage {
  const { url, keyPrefix } = testRedis();
  const folder = mkdtempSync(join(tmpdir(), 'atm-'));
  return {
    kind,
    settings: { ATM_STORE: kind, REDIS_URL: url, ATM_DIRECTORY: folder },
    keyPrefix,
    store: (machineIds = ['main']) =>
      kind === 'redis' ? createRedisStore({ logger: SILENT, url, keyPrefix }) : createFileStore(folder, machineIds),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface TestAtm {
  url: string;
  metrics: Registry;
  stop(): Promise<void>;
}

/**
 * Starts the service as `main.ts` does, on a free port. Waits until the service is ready, unless `waitsUntilReady` is false.
 * @param options.leaseMarginMs overrides the margin in the lease of a withdrawal
 */
export async function startTestAtm(
  storage: TestStorage,
  settings: Record<string, string> = {},
  { waitsUntilReady = true, leaseMarginMs }: { waitsUntilReady?: boolean; leaseMarginMs?: number } = {},
): Promise<TestAtm> {
  const config = { ...configSchema.parse(settings), ...storage.settings, PORT: 0 };
  const metrics = createMetrics('atm-api');
  const context = { logger: SILENT, metrics };
  const app = buildApp(config, context, { redisKeyPrefix: storage.keyPrefix, leaseMarginMs });
  await app.start();
  const url = `http://127.0.0.1:${app.port()}`;
  await eventually(async () => {
    if (waitsUntilReady && !(await fetch(`${url}/readyz`)).ok) throw new Error('not ready');
  });
  return { url, metrics, stop: app.stop };
}
