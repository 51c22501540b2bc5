import { createCoalescer } from './coalescer';
import { AppError } from './errors';

/** A `run` function whose batches the test finishes one by one. */
function createControlledRun() {
  const batches: number[][] = [];
  const finish: (() => void)[] = [];
  const run = (batch: number[]) => {
    batches.push(batch);
    return new Promise<number[]>((resolve) => finish.push(() => resolve(batch.map((request) => request * 10))));
  };
  return { batches, finish, run };
}

const nextTurn = () => new Promise(setImmediate);

test('requests that arrive while a batch is in flight form the next one', async () => {
  const { batches, finish, run } = createControlledRun();
  const coalescer = createCoalescer({ run, batchMax: 10, queueMax: 100 });
  const first = coalescer.submit(1);
  await nextTurn();
  const laterRequests = [coalescer.submit(2), coalescer.submit(3)];
  await nextTurn();
  expect(batches).toEqual([[1]]);
  finish[0]!();
  expect(await first).toBe(10);
  await nextTurn();
  expect(batches).toEqual([[1], [2, 3]]);
  finish[1]!();
  expect(await Promise.all(laterRequests)).toEqual([20, 30]);
});

test('a batch never exceeds its limit', async () => {
  const sizes: number[] = [];
  const run = (batch: number[]) => {
    sizes.push(batch.length);
    return Promise.resolve(batch);
  };
  const coalescer = createCoalescer({ run, batchMax: 3, queueMax: 100 });
  await Promise.all(Array.from({ length: 8 }, (_, index) => coalescer.submit(index)));
  expect(sizes).toEqual([3, 3, 2]);
});

test('an error in the data of one request fails only that request', async () => {
  const run = (batch: number[]) => (batch.includes(2) ? Promise.reject(new Error('bad data')) : Promise.resolve(batch));
  const coalescer = createCoalescer({ run, batchMax: 10, queueMax: 100 });
  const results = await Promise.allSettled([1, 2, 3].map((request) => coalescer.submit(request)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('an engine fault fails the whole batch, which does not run again', async () => {
  let runs = 0;
  const run = () => {
    runs++;
    return Promise.reject(new AppError('unavailable', 'UNAVAILABLE', 'down'));
  };
  const coalescer = createCoalescer<number, number>({ run, batchMax: 10, queueMax: 100 });
  const results = await Promise.allSettled([1, 2, 3].map((request) => coalescer.submit(request)));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(runs).toBe(1);
});

test('a full queue rejects requests at once', async () => {
  const { finish, run } = createControlledRun();
  const coalescer = createCoalescer({ run, batchMax: 1, queueMax: 1 });
  const first = coalescer.submit(1);
  await nextTurn();
  const second = coalescer.submit(2);
  await expect(coalescer.submit(3)).rejects.toMatchObject({ kind: 'overloaded', code: 'OVERLOADED' });
  finish[0]!();
  await first;
  await nextTurn();
  finish[1]!();
  await second;
  await coalescer.drain();
});

test('a partial batch waits for more requests until it is full or drained', async () => {
  const { batches, finish, run } = createControlledRun();
  const coalescer = createCoalescer({ run, batchMax: 3, queueMax: 100, gatherMs: 3_600_000 });
  const requests = [coalescer.submit(1)];
  await nextTurn();
  await nextTurn();
  expect(batches).toEqual([]);
  requests.push(coalescer.submit(2), coalescer.submit(3), coalescer.submit(4));
  await nextTurn();
  expect(batches).toEqual([[1, 2, 3]]);
  finish[0]!();
  await nextTurn();
  const drained = coalescer.drain();
  await nextTurn();
  expect(batches).toEqual([[1, 2, 3], [4]]);
  finish[1]!();
  await drained;
  expect(await Promise.all(requests)).toEqual([10, 20, 30, 40]);
});
