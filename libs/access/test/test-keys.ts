import { createDatabase, migrate, type Database } from '@souk/database';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomBytes } from 'node:crypto';
import { keyMigrations } from '../src/keys/migrations';

/** A schema with API keys. */
export interface TestKeys {
  /** Connected as the owner of the schema. */
  db: Database;
  /** Connects as a user with the rights of a service that only checks keys. */
  connectAsReader(): Promise<Database>;
  test: TestDatabase;
  drop(): Promise<void>;
}

const OPTIONS = { poolSize: 2, acquireTimeoutMs: 2_000, statementTimeoutMs: 5_000 };

export async function createTestKeys(): Promise<TestKeys> {
  const test = await createTestDatabase('access');
  await migrate(test.url, keyMigrations);
  const db = createDatabase({ url: test.url, ...OPTIONS });
  const readers: { user: string; reader: Database }[] = [];
  return {
    db,
    test,
    connectAsReader: async () => {
      const user = `r_${randomBytes(5).toString('hex')}`;
      await test.rows('CREATE USER ?@? IDENTIFIED BY ?', [user, '%', user]);
      await test.rows(`GRANT SELECT, EXECUTE ON ${test.schema}.* TO ?@?`, [user, '%']);
      const url = new URL(test.url);
      url.username = url.password = user;
      const reader = createDatabase({ url: url.href, ...OPTIONS });
      readers.push({ user, reader });
      return reader;
    },
    drop: async () => {
      for (const { user, reader } of readers) {
        await reader.close();
        await test.rows('DROP USER ?@?', [user, '%']);
      }
      await db.close();
      await test.drop();
    },
  };
}
