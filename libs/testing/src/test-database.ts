import mysql, { type Connection } from 'mysql2/promise';
import { randomBytes } from 'node:crypto';
import { testEngines } from './engines';

export interface TestDatabase {
  schema: string;
  url: string;
  /** Runs a statement as root, to inspect or change what a service stored. */
  rows<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** mysql2 escapes with backslashes, so this connection needs a mode that understands them, whatever the server's mode. */
export async function setTestSession(connection: Connection): Promise<void> {
  await connection.query("SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'");
}

/** Creates an empty schema for one test file. */
export async function createTestDatabase(purpose: string): Promise<TestDatabase> {
  const { host, port, rootPassword } = testEngines().mysql;
  const schema = `t_${purpose}_${randomBytes(5).toString('hex')}`;
  const root = await mysql.createConnection({
    host,
    port,
    user: 'root',
    password: rootPassword,
    timezone: 'Z',
    supportBigNumbers: true,
  });
  await setTestSession(root);
  await root.query('CREATE DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', [schema]);
  await root.query('USE ??', [schema]);
  return {
    schema,
    url: `mysql://root:${encodeURIComponent(rootPassword)}@${host}:${port}/${schema}`,
    rows: async <Row>(sql: string, parameters: unknown[] = []) => (await root.query(sql, parameters))[0] as Row[],
    drop: async () => {
      await root.query('DROP DATABASE IF EXISTS ??', [schema]);
      await root.end();
    },
  };
}
