import { randomUUID } from 'node:crypto';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { median } from '../report/statistics';
import { renderTable } from '../report/table';
import type { Child } from '../system/child';
import type { FilledSystem } from './filled-system';
import { listGrowthCases } from './growth-cases';
import type { GrowthOptions } from './growth-options';
import { measureCase } from './measure-case';
import { CHUNK_ROWS, keyStatement } from './statements';

const EXPIRED_KEYS = 500_000;
const EXPIRED_AGE_HOURS = 2_400;
const SAMPLE_MS = 100;
const CASES = ['adds', 'deposits with a key'];

/** Adds expired keys, and measures while the wallet deletes them and between the runs of the purge. */
export async function measurePurge(
  loadGenerator: Child,
  filled: FilledSystem,
  { rounds, seconds }: GrowthOptions,
): Promise<void> {
  const { system, database } = filled;
  const bench = filled.benchWith(loadGenerator);
  const cases = listGrowthCases(filled);
  if ((await countExpired(database)) === 0) await addExpired(database);
  const results = new Map<string, { rate: number; p99Ms: number }[]>();
  for (let round = 0; round < rounds; round++) {
    for (const each of cases.filter(({ name }) => CASES.includes(name))) {
      const expiredBefore = await countExpired(database);
      const { result: measured, share } = await whileSampling(system.urls.mysqlRoot, () =>
        measureCase(bench, system, each, seconds),
      );
      const deleted = expiredBefore - (await countExpired(database));
      const { completedPerSecond: rate, p99Ms } = measured;
      console.log(
        `  ${each.name.padEnd(22)}${rate.toFixed(0).padStart(6)} /s   p99 ${p99Ms.toFixed(1)} ms   purging ${(100 * share).toFixed(0)} % of the time, ${deleted} keys deleted`,
      );
      const when = deleted > 0 ? 'during' : 'without';
      results.set(`${each.name}|${when}`, [...(results.get(`${each.name}|${when}`) ?? []), { rate, p99Ms }]);
    }
  }
  const rows = [...results]
    .sort()
    .map(([name, all]) => [
      ...name.split('|'),
      String(all.length),
      median(all.map(({ rate }) => rate)).toFixed(0),
      median(all.map(({ p99Ms }) => p99Ms)).toFixed(1),
      Math.max(...all.map(({ p99Ms }) => p99Ms)).toFixed(1),
    ]);
  console.log(`\n${renderTable(['Case', 'Purge', 'Measurements', 'Rate/s', 'p99 ms', 'worst p99 ms'], rows, 2)}`);
}

/** @returns the share of samples in which a purge was running, and the result of `work` */
async function whileSampling<Result>(
  mysqlUrl: string,
  work: () => Promise<Result>,
): Promise<{ result: Result; share: number }> {
  const watch = await mysql.createConnection({ uri: mysqlUrl });
  const samples: number[] = [];
  const sampling = setInterval(
    () =>
      void countPurges(watch).then(
        (count) => samples.push(count),
        () => undefined,
      ),
    SAMPLE_MS,
  );
  try {
    const result = await work();
    return { result, share: samples.filter((count) => count > 0).length / samples.length };
  } finally {
    clearInterval(sampling);
    await watch.end();
  }
}

async function addExpired(database: Connection): Promise<void> {
  console.log(`Adding ${EXPIRED_KEYS} expired keys`);
  const salt = randomUUID();
  for (let first = 0; first < EXPIRED_KEYS; first += CHUNK_ROWS)
    await database.query(keyStatement(EXPIRED_KEYS, first, EXPIRED_AGE_HOURS, salt));
}

async function countPurges(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS number FROM information_schema.processlist WHERE info LIKE 'DELETE FROM idempotency%'",
  );
  return Number(rows[0]!.number);
}

async function countExpired(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS number FROM wallet.idempotency FORCE INDEX (by_age) WHERE created_at < NOW() - INTERVAL 744 HOUR',
  );
  return Number(rows[0]!.number);
}
