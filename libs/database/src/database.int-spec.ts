import { unavailable } from '@souk/service';
import {
  createCuttableProxy,
  createTestDatabase,
  eventually,
  type CuttableProxy,
  type TestDatabase,
} from '@souk/testing';
import { createDatabase, type Database } from './database';
import { migrate } from './schema/migrator';
import type { Transaction } from './transaction';
import { overwrite } from './upsert';

let schema: TestDatabase;
let proxy: CuttableProxy;
let db: Database;

beforeAll(async () => {
  schema = await createTestDatabase('database');
  await schema.rows('CREATE TABLE account (id INT PRIMARY KEY, amount BIGINT NOT NULL) ENGINE = InnoDB');
  const url = new URL(schema.url);
  await migrate(schema.url, []);
  proxy = await createCuttableProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  db = createDatabase({ url: url.toString(), poolSize: 4, acquireTimeoutMs: 2_000, statementTimeoutMs: 3_000 });
});

afterAll(async () => {
  await db.close();
  await proxy.close();
  await schema.drop();
});

beforeEach(async () => {
  await schema.rows('DELETE FROM account');
  await schema.rows('INSERT INTO account VALUES (1, 100), (2, 100)');
});

const amounts = async () =>
  (await schema.rows<{ amount: number }>('SELECT amount FROM account ORDER BY id')).map(({ amount }) => Number(amount));

test('an upsert updates rows that exist, inserts the others, and causes no warning', async () => {
  const warnings = await db.transaction(async (tx) => {
    await tx.upsert('account (id, amount)', [[2, 5], [3, 7]], overwrite('amount')); // prettier-ignore
    await tx.upsert('account (id, amount)', [[1, 30]], (incoming) => `amount = account.amount + ${incoming('amount')}`);
    return tx.rows('SHOW WARNINGS');
  });
  expect(await amounts()).toEqual([130, 5, 7]);
  expect(warnings).toEqual([]);
});

test('each statement of a round trip sees the time at which it starts, which a lock may have delayed', async () => {
  const [before, after] = await db.transaction(async (tx) => {
    const clock = () => tx.rows<{ now: number }>('SELECT UNIX_TIMESTAMP(NOW(3)) AS now');
    const [first, , second] = await Promise.all([clock(), tx.rows('SELECT SLEEP(0.3)'), clock()]);
    return [Number(first[0]!.now), Number(second[0]!.now)];
  });
  expect(after - before).toBeGreaterThan(0.2);
});

test('any error rolls the whole transaction back', async () => {
  const work = db.transaction(async (tx) => {
    await tx.write('UPDATE account SET amount = 0');
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await amounts()).toEqual([100, 100]);
});

test('deadlocked transactions are rerun until each has committed exactly once', async () => {
  const barrier = { waiting: 0, release: () => undefined as void };
  const bothWaiting = new Promise<void>((resolve) => (barrier.release = resolve));
  const transfer = (from: number, to: number) =>
    db.transaction(async (tx) => {
      await tx.write('UPDATE account SET amount = amount - 1 WHERE id = ?', [from]);
      if (++barrier.waiting === 2) barrier.release();
      await bothWaiting;
      await tx.write('UPDATE account SET amount = amount + 1 WHERE id = ?', [to]);
    });
  await Promise.all([transfer(1, 2), transfer(2, 1)]);
  expect(barrier.waiting).toBe(3); // the victim of the deadlock ran again
  expect(await amounts()).toEqual([100, 100]);
});

test('a transaction sees what other transactions commit in the meantime because it is READ COMMITTED', async () => {
  await db.transaction(async (tx) => {
    await tx.rows('SELECT amount FROM account');
    await schema.rows('UPDATE account SET amount = 7 WHERE id = 1');
    expect(await tx.rows('SELECT amount FROM account WHERE id = 1')).toEqual([{ amount: 7 }]);
  });
});

describe('the statements of a transaction', () => {
  /** @returns the number of requests that `work` sends */
  const countRequests = async (work: () => Promise<unknown>) => {
    let count = 0;
    proxy.alterRequests((chunk) => {
      count += 1;
      return chunk;
    });
    await work().finally(() => proxy.alterRequests((chunk) => chunk));
    return count;
  };

  test('share round trips with BEGIN, with each other and with COMMIT', async () => {
    await db.ping();
    const requests = await countRequests(() =>
      db.transaction(async (tx) => {
        tx.defer('UPDATE account SET amount = amount - 1 WHERE id = 1');
        const [one, two] = await Promise.all([
          tx.rows<{ amount: number }>('SELECT amount FROM account WHERE id = 1'),
          tx.rows<{ amount: number }>('SELECT amount FROM account WHERE id = 2'),
        ]);
        expect([one, two]).toEqual([[{ amount: 99 }], [{ amount: 100 }]]);
        tx.defer('UPDATE account SET amount = amount - 2 WHERE id = 2');
        tx.deferUpsert('account (id, amount)', [[1, 50]], overwrite('amount'));
      }),
    );
    expect(requests).toBe(2);
    expect(await amounts()).toEqual([50, 98]);
  });

  test('are all rolled back if a deferred one fails, and the transaction fails with its error', async () => {
    const failing = db.transaction((tx) => {
      tx.defer('UPDATE account SET amount = 0');
      tx.defer('INSERT INTO account VALUES (1, 5)');
      tx.defer('UPDATE account SET amount = 1');
    });
    await expect(failing).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
    expect(await amounts()).toEqual([100, 100]);
  });

  test('do not run after one of them has failed, even if they were submitted before it failed', async () => {
    const failing = db.transaction(async (tx) => {
      const failed = tx.write('INSERT INTO account VALUES (1, 5)');
      const next = tx.write('UPDATE account SET amount = 0');
      await expect(failed).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
      await expect(next).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
      tx.defer('UPDATE account SET amount = 1');
    });
    await expect(failing).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
    expect(await amounts()).toEqual([100, 100]);
  });

  test('are split into several requests if they are large', async () => {
    await db.write('CREATE TABLE note (id INT PRIMARY KEY, text MEDIUMTEXT)');
    const text = 'x'.repeat(900_000);
    const requests = await countRequests(() =>
      db.transaction((tx) => {
        for (let id = 1; id <= 7; id++) tx.defer('INSERT INTO note VALUES (?)', [[id, text]]);
      }),
    );
    expect(requests).toBeGreaterThan(3);
    expect(await db.rows('SELECT COUNT(*) AS count, SUM(LENGTH(text)) AS length FROM note')).toEqual([
      { count: 7, length: String(7 * text.length) },
    ]);
  });

  test('are refused if one of them contains several statements', async () => {
    const twoStatements = 'UPDATE account SET amount = 0; UPDATE account SET amount = 1';
    await expect(db.transaction((tx) => tx.write(twoStatements))).rejects.toThrow('not a single statement');
    await expect(db.transaction((tx) => tx.defer(twoStatements))).rejects.toThrow('not a single statement');
    await expect(db.write(twoStatements)).rejects.toThrow('not a single statement');
    expect(await amounts()).toEqual([100, 100]);
    expect(await db.rows('SELECT ? AS text', ['a;b'])).toEqual([{ text: 'a;b' }]);
  });
});

test('a transaction whose connection is cut fails as unavailable and changes nothing, and the next connection works', async () => {
  const cutTransaction = db.transaction(async (tx) => {
    await tx.write('UPDATE account SET amount = 0');
    proxy.cut();
    await tx.write('UPDATE account SET amount = 1');
  });
  await expect(cutTransaction).rejects.toMatchObject({ kind: 'unavailable' });
  await eventually(async () => expect(await amounts()).toEqual([100, 100]));
  await eventually(() => db.ping());
});

describe('when the response to a change is lost, its outcome is unknown', () => {
  const losses: [string, () => void][] = [
    ['swallowed', () => undefined],
    ['cut off', () => setImmediate(() => proxy.cut())],
  ];
  const expectUnknownOutcome = async (
    statement: string,
    loseResponse: () => void,
    work: (lossyDb: Database) => Promise<unknown>,
  ) => {
    const url = Object.assign(new URL(schema.url), { port: String(proxy.port) }).href;
    const lossyDb = createDatabase({ url, poolSize: 1, acquireTimeoutMs: 2_000, statementTimeoutMs: 500 });
    let isLost = false;
    await lossyDb.ping();
    proxy.alterRequests((chunk) => {
      isLost ||= chunk.includes(statement);
      return chunk;
    });
    proxy.alter((chunk) => {
      if (!isLost) return chunk;
      loseResponse();
      return Buffer.alloc(0);
    });
    try {
      await expect(work(lossyDb)).rejects.toMatchObject({ kind: 'timeout' });
    } finally {
      proxy.alterRequests((chunk) => chunk);
      proxy.alter((chunk) => chunk);
      await lossyDb.close();
    }
  };

  test.each(losses)('for a commit (response %s)', async (_, loseResponse) => {
    let tries = 0;
    await expectUnknownOutcome('COMMIT', loseResponse, (lossyDb) =>
      lossyDb.transaction((tx) => {
        tries += 1;
        return tx.write('UPDATE account SET amount = amount - 1');
      }),
    );
    expect(tries).toBe(1);
    expect(await amounts()).toEqual([99, 99]);
  });

  test.each(losses)('for an auto-committed statement (response %s)', async (_, loseResponse) => {
    await expectUnknownOutcome('UPDATE', loseResponse, (lossyDb) =>
      lossyDb.write('UPDATE account SET amount = amount - 1'),
    );
    expect(await amounts()).toEqual([99, 99]);
  });
});

test('a transaction that fails for another reason does not wait for its hanging statement', async () => {
  const impatientDb = createDatabase({
    url: schema.url,
    poolSize: 1,
    acquireTimeoutMs: 2_000,
    statementTimeoutMs: 300,
  });
  const hanging = impatientDb.transaction((tx) =>
    Promise.all([tx.rows('SELECT SLEEP(600)'), Promise.reject(new Error('no'))]),
  );
  await expect(hanging).rejects.toThrow('no');
  expect(await impatientDb.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await impatientDb.close();
});

test('a statement submitted after the end of its transaction is refused', async () => {
  let ended!: Transaction;
  await expect(
    db.transaction((tx) => {
      ended = tx;
      return Promise.reject(new Error('no'));
    }),
  ).rejects.toThrow('no');
  await expect(ended.write('UPDATE account SET amount = 0')).rejects.toThrow('the transaction has ended');
  await db.transaction((tx) => void (ended = tx));
  await expect(ended.write('UPDATE account SET amount = 0')).rejects.toThrow('the transaction has ended');
  expect(await amounts()).toEqual([100, 100]);
});

test('a request to an exhausted pool fails as unavailable after its timeout, and no connection leaks', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const holders = Array.from({ length: 4 }, () => db.transaction(() => released));
  await eventually(() => expect(db.poolUse()).toMatchObject({ total: 4, idle: 0 }));
  await expect(db.rows('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable' });
  release();
  await Promise.all(holders);
  await eventually(() => expect(db.poolUse()).toEqual({ total: 4, idle: 4, waiting: 0 }));
});

test('a ping of a silent server fails but leaks no connection, so the next statements work', async () => {
  await Promise.all(Array.from({ length: 4 }, () => db.ping()));
  proxy.silence();
  const pings = await Promise.allSettled(Array.from({ length: 4 }, () => db.ping()));
  expect(pings.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  expect(await db.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('an error from another service inside a transaction costs no connection', async () => {
  await db.ping();
  const { total } = db.poolUse();
  await expect(db.transaction(() => Promise.reject(unavailable('another service')))).rejects.toThrow();
  expect(db.poolUse().total).toBe(total);
});

test('requests fail as unavailable if too many are already waiting for a connection', async () => {
  const results = await Promise.allSettled(Array.from({ length: 1_200 }, () => db.rows('SELECT 1')));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatchObject({ kind: 'unavailable' });
});

test('an error in the data is thrown unchanged, and the connection is kept', async () => {
  await expect(db.write('INSERT INTO account VALUES (1, 5)')).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
  expect(await db.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a snapshot sees a single moment while other transactions keep writing, and refuses writes', async () => {
  const sums = await db.snapshot(async (tx) => {
    const sum = async () => Number((await tx.rows<{ sum: string }>('SELECT SUM(amount) AS sum FROM account'))[0]!.sum);
    const first = await sum();
    await db.write('UPDATE account SET amount = 0');
    return [first, await sum()];
  });
  expect(sums).toEqual([200, 200]);
  expect(await amounts()).toEqual([0, 0]);

  const write = db.snapshot((tx) => tx.rows('UPDATE account SET amount = 1'));
  await expect(write).rejects.toMatchObject({ cause: { code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' } });
  expect(await amounts()).toEqual([0, 0]);
});

test('after a snapshot its connection is READ COMMITTED again', async () => {
  await Promise.all([1, 2, 3, 4].map(() => db.snapshot((tx) => tx.rows('SELECT 1'))));
  const accountsSeen = await db.transaction(async (tx) => {
    const first = await tx.rows<{ amount: number }>('SELECT amount FROM account WHERE id = 1');
    await db.write('UPDATE account SET amount = 7 WHERE id = 1');
    return [...first, ...(await tx.rows<{ amount: number }>('SELECT amount FROM account WHERE id = 1'))];
  });
  expect(accountsSeen.map(({ amount }) => Number(amount))).toEqual([100, 7]);
});
