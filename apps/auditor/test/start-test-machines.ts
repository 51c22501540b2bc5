import { testRedis } from '@souk/testing';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { auditMachines, type MachineAuditDeps } from '../src/machines/audit-machines';
import { createMachineStore, type MachineStore } from '../src/machines/machine-store';
import type { TestBooks } from './start-test-books';

export interface TestMachines {
  /** The URL from which the auditor reads, with a read-only user. */
  url: string;
  keyPrefix: string;
  /** The URL to which the machines write. */
  ownerUrl: string;
  store: MachineStore;
  /** A client for writing, which adds the prefix to each key. */
  redis: Redis;
  audit(deps?: Partial<MachineAuditDeps>): ReturnType<typeof auditMachines>;
  close(): Promise<void>;
}

/** A part of Redis for a test's machines, and a user with the permissions of the auditor of a running system. */
export async function startTestMachines(books: TestBooks): Promise<TestMachines> {
  const { url: ownerUrl, keyPrefix } = testRedis();
  const redis = new Redis(ownerUrl, { keyPrefix });
  const user = `audit_${randomBytes(5).toString('hex')}`;
  await redis.call('ACL', 'SETUSER', user, ...auditorRules(keyPrefix));
  const { host } = new URL(ownerUrl);
  const url = `redis://${user}:audit@${host}`;
  const store = createMachineStore({ url, keyPrefix });
  return {
    ...{ url, keyPrefix, ownerUrl, store, redis },
    audit: (deps = {}) => auditMachines({ db: books.db, schemas: books.schemas, store, ...deps }),
    close: async () => {
      await store.close();
      await redis.call('ACL', 'DELUSER', user);
      await redis.quit();
    },
  };
}

/** The rights that a running system grants its auditor, for keys with a prefix. */
function auditorRules(keyPrefix: string): string[] {
  const text = readFileSync(resolve(__dirname, '../../../deploy/redis/redis.conf'), 'utf8');
  const rules = /^user auditor (.*)$/m.exec(text)![1]!.split(' ');
  return rules.map((rule) => {
    if (rule.startsWith('>')) return '>audit';
    return rule.replace('~{', () => `~${keyPrefix}{`);
  });
}
