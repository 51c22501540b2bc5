import {
  createCuttableProxy,
  eventually,
  freePort,
  ENGINE_START_TIMEOUT_MS,
  startTestMysqlServer,
  type CuttableProxy,
  type TestMysqlServer,
} from '@souk/testing';
import { createDatabase, type Database, type DatabaseOptions } from '../database';
import { migrate } from '../schema/migrator';

const POOL_SIZE = 4;

/** The primary until a failover. */
let primary: TestMysqlServer;
let standby: TestMysqlServer;
/** Clients connect to this proxy, which forwards to the current primary. */
let proxy: CuttableProxy;
const opened: Database[] = [];

beforeAll(async () => {
  [primary, standby] = await Promise.all([startTestMysqlServer(), startTestMysqlServer()]);
  for (const { rows } of [primary, standby]) {
    await rows('CREATE TABLE sale (id INT PRIMARY KEY) ENGINE = InnoDB');
    await rows('CREATE TABLE identity (number INT PRIMARY KEY)');
  }
  await primary.rows('INSERT INTO identity VALUES (1)');
  await standby.rows('INSERT INTO identity VALUES (2)');
  proxy = await createCuttableProxy(primary);
}, ENGINE_START_TIMEOUT_MS);

afterAll(async () => {
  await proxy.close();
  await Promise.all([primary.stop(), standby.stop()]);
});

beforeEach(() => proxy.redirect(primary));

afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()));
  for (const { rows } of [primary, standby]) {
    await rows('SET GLOBAL read_only = OFF');
    await rows('DELETE FROM sale');
  }
});

const open = (options: Partial<DatabaseOptions> = {}) => {
  const url = Object.assign(new URL(primary.url), { port: String(proxy.port) }).href;
  const db = createDatabase({
    ...{ url, poolSize: POOL_SIZE, acquireTimeoutMs: 3_000, statementTimeoutMs: 3_000 },
    ...options,
  });
  opened.push(db);
  return db;
};
const sell = (db: Database, id: number) =>
  db.transaction(async (tx) => {
    await tx.rows('SELECT 1 FROM sale WHERE id = ? FOR UPDATE', [id]);
    await tx.write('INSERT INTO sale VALUES (?)', [id]);
  });
const serverOf = async (db: Database) => (await db.rows<{ number: number }>('SELECT number FROM identity'))[0]?.number;
const fillPool = (db: Database) => Promise.all(Array.from({ length: POOL_SIZE }, () => db.rows('SELECT SLEEP(0.05)')));
const demote = ({ rows }: TestMysqlServer) => rows('SET GLOBAL read_only = ON');
const promote = ({ rows }: TestMysqlServer) => rows('SET GLOBAL read_only = OFF');
const salesAt = async ({ rows }: TestMysqlServer) =>
  Number((await rows('SELECT COUNT(*) AS sales FROM sale'))[0]!['sales']);

test('on a read-only server every write fails as unavailable; the same pool writes once the server is writable again', async () => {
  const db = open();
  await fillPool(db);
  await demote(primary);
  for (const write of [() => sell(db, 1), () => db.write('INSERT INTO sale VALUES (1)')])
    await expect(write()).rejects.toMatchObject({ kind: 'unavailable', cause: { errno: 1290 } });
  await promote(primary);
  await sell(db, 1);
  expect(await salesAt(primary)).toBe(1);
});

test('a ping succeeds only if a write would, and changes nothing', async () => {
  await migrate(primary.url, [{ name: '0001-nothing', statements: ['DO 0'] }]);
  const db = open();
  await db.ping();
  await demote(primary);
  await expect(db.ping()).rejects.toMatchObject({ kind: 'unavailable', cause: { errno: 1290 } });
  await expect(db.rows('SELECT number FROM identity')).resolves.toHaveLength(1);
  await promote(primary);
  const changes = async () => {
    const written = await primary.rows<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Innodb_rows_updated'");
    const logged = await primary.rows<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'");
    return [...written, ...logged].map(({ Value }) => Value);
  };
  await db.ping();
  // The engine may still be writing what happened before.
  await eventually(async () => {
    const changesBefore = await changes();
    for (let count = 0; count < 20; count++) await db.ping();
    expect(await changes()).toEqual(changesBefore);
  });
});

test('a server whose transactions are read-only by default is not ready', async () => {
  await primary.rows('SET GLOBAL TRANSACTION READ ONLY');
  try {
    await expect(open().ping()).rejects.toMatchObject({ kind: 'unavailable', cause: { errno: 1792 } });
  } finally {
    await primary.rows('SET GLOBAL TRANSACTION READ WRITE');
  }
});

test('a commit fails as unavailable and changes nothing if the server has become read-only', async () => {
  const db = open();
  let tries = 0;
  const sale = db.transaction(async (tx) => {
    tries += 1;
    await tx.write('INSERT INTO sale VALUES (1)');
    await demote(primary);
  });
  await expect(sale).rejects.toMatchObject({ kind: 'unavailable' });
  expect(tries).toBe(2); // the second try failed at its first write
  expect(await salesAt(primary)).toBe(0);
});

test('after a failover no request fails, even though every pooled connection leads to the demoted server', async () => {
  const db = open();
  await fillPool(db);
  await demote(primary);
  proxy.redirect(standby);
  expect(await serverOf(db)).toBe(1);
  await Promise.all(Array.from({ length: 60 }, (_, id) => sell(db, id)));
  expect([await salesAt(primary), await salesAt(standby)]).toEqual([0, 60]);
});

test('a pool moves to the new server within the maximum age of its connections, even if the failover causes no error', async () => {
  const db = open({ connectionAgeMaxMs: 200 });
  await fillPool(db);
  proxy.redirect(standby);
  await eventually(async () => expect(await serverOf(db)).toBe(2), 2_000);
  expect(db.poolUse().total).toBeLessThanOrEqual(POOL_SIZE);
});

test('no request fails because an idle session was killed', async () => {
  const db = open();
  await fillPool(db);
  const sessions = await primary.rows<{ id: number }>(
    "SELECT id FROM information_schema.processlist WHERE user = 'app'",
  );
  expect(sessions).toHaveLength(POOL_SIZE);
  for (const { id } of sessions) await primary.rows(`KILL ${id}`);
  await Promise.all(Array.from({ length: 10 }, (_, id) => sell(db, id)));
  expect(await salesAt(primary)).toBe(10);
});

const WRONG_SERVER = [
  1047, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1290, 1792, 1836, 1874, 1927, 2006, 2013, 3032, 3100, 3169, 4031,
];

test.each(WRONG_SERVER)('error %d replaces the connections and runs the work once more', async (errno) => {
  const db = open();
  await fillPool(db);
  proxy.redirect(standby);
  const failing = db.rows(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`);
  await expect(failing).rejects.toMatchObject({ kind: 'unavailable', retryable: true, cause: { errno } });
  expect(await serverOf(db)).toBe(2);

  let tries = 0;
  await db.transaction(async (tx) => {
    if (++tries === 1) await tx.rows(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`);
  });
  expect(tries).toBe(2);
});

test.each([1021, 1040, 1114, 1142, 1317, 1969, 3024])(
  'error %d fails as unavailable and keeps the connection',
  async (errno) => {
    const db = open();
    await fillPool(db);
    proxy.redirect(standby);
    await expect(db.write(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`)).rejects.toMatchObject({
      kind: 'unavailable',
      cause: { errno },
    });
    expect(await serverOf(db)).toBe(1);
  },
);

test.each([1020, 1205, 1213, 1412, 1689, 3101])(
  'error %d reruns the transaction a limited number of times',
  async (errno) => {
    const db = open();
    let tries = 0;
    const failing = db.transaction(async (tx) => {
      tries += 1;
      await tx.rows(`SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = ${errno}`);
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable' });
    expect(tries).toBe(5);
  },
);

test.each([1054, 1062, 1064, 1146, 1406])(
  'error %d is an error in the statement and is thrown unchanged',
  async (errno) => {
    const db = open();
    await expect(db.rows(`SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = ${errno}`)).rejects.toMatchObject({ errno });
  },
);

describe('a server that hangs', () => {
  const FAILURE_WITHIN_MS = 1_900;
  const timed = async (work: Promise<unknown>) => {
    const startedAt = performance.now();
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    return { error, ms: performance.now() - startedAt };
  };

  afterEach(() => primary.resume());

  test('fails waiting statements within 2 s and later ones at once, and is used again as soon as it responds', async () => {
    const db = open({ acquireTimeoutMs: 10_000, statementTimeoutMs: 10_000 });
    await fillPool(db);
    await primary.pause();
    const firstResults = await Promise.all(Array.from({ length: 40 }, () => timed(db.rows('SELECT 1'))));
    for (const { error, ms } of firstResults) {
      expect(error).toMatchObject({ kind: 'unavailable' });
      expect(ms).toBeLessThan(FAILURE_WITHIN_MS);
    }
    const { error, ms } = await timed(sell(db, 1));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(ms).toBeLessThan(100);
    primary.resume();
    await eventually(() => sell(db, 1), 5_000);
    expect(await salesAt(primary)).toBe(1);
    expect(db.poolUse().total).toBeLessThanOrEqual(POOL_SIZE);
  });

  test('leaves the outcome of a commit unknown', async () => {
    const db = open({ statementTimeoutMs: 10_000 });
    const { error, ms } = await timed(
      db.transaction(async (tx) => {
        await tx.write('INSERT INTO sale VALUES (1)');
        await primary.pause();
      }),
    );
    expect(error).toMatchObject({ kind: 'timeout' });
    expect(ms).toBeLessThan(FAILURE_WITHIN_MS);
  });

  test('is distinguished from a slow statement', async () => {
    const db = open({ statementTimeoutMs: 10_000 });
    await expect(db.rows('SELECT SLEEP(1.6)')).resolves.toHaveLength(1);
  });
});

test('a server that refuses connections fails every request at once, even beyond the pool size', async () => {
  const db = open({ url: `mysql://app:secret@127.0.0.1:${await freePort()}/t`, acquireTimeoutMs: 10_000 });
  const startedAt = performance.now();
  const results = await Promise.allSettled(Array.from({ length: 200 }, () => db.rows('SELECT 1')));
  expect(performance.now() - startedAt).toBeLessThan(1_900);
  for (const result of results) expect(result).toMatchObject({ reason: { kind: 'unavailable' } });
});
