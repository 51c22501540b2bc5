import { createCoalescer } from './coalescer';
import { AppError } from './errors';

/** A `run` whose batches the test finishes. */
function controlled() {
  const batches: number[][] = [];
  const finish: (() => void)[] = [];
  const run = (batch: number[]) => {
    batches.push(batch);
    return new Promise<number[]>((resolve) => finish.push(() => resolve(batch.map((request) => request * 10))));
  };
  return { batches, finish, run };
}

const turn = () => new Promise(setImmediate);

test('requests that arrive while a batch is in flight form the next one', async () => {
  const { batches, finish, run } = controlled();
  const coalescer = createCoalescer({ run, batchMax: 10, queueMax: 100 });
  const first = coalescer.submit(1);
  await turn();
  const others = [coalescer.submit(2), coalescer.submit(3)];
  await turn();
  expect(batches).toEqual([[1]]);
  finish[0]!();
  expect(await first).toBe(10);
  await turn();
  expect(batches).toEqual([[1], [2, 3]]);
  finish[1]!();
  expect(await Promise.all(others)).toEqual([20, 30]);
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

test('a fault in the data fails only its own request', async () => {
  const run = (batch: number[]) => (batch.includes(2) ? Promise.reject(new Error('bad data')) : Promise.resolve(batch));
  const coalescer = createCoalescer({ run, batchMax: 10, queueMax: 100 });
  const results = await Promise.allSettled([1, 2, 3].map((request) => coalescer.submit(request)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('an engine fault fails the whole batch without another run', async () => {
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
  const { finish, run } = controlled();
  const coalescer = createCoalescer({ run, batchMax: 1, queueMax: 1 });
  const first = coalescer.submit(1);
  await turn();
  const second = coalescer.submit(2);
  await expect(coalescer.submit(3)).rejects.toMatchObject({ kind: 'overloaded', code: 'OVERLOADED' });
  finish[0]!();
  await first;
  await turn();
  finish[1]!();
  await second;
  await coalescer.drain();
});
