import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { runWaves } from './waves';

const CONNECTIONS = 4;

async function withServer<Result>(listener: RequestListener, use: (url: string) => Promise<Result>): Promise<Result> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

const load = (path: string) => ({
  ...{ connections: CONNECTIONS, rate: 100, seconds: 0.2 },
  operations: [[{ method: 'POST' as const, path, headers: {}, body: '' }]],
});

test('each wave starts on every connection at once, and none before it is due', async () => {
  const arrivedAtMs: number[] = [];
  const startedAtMs = performance.now();
  const result = await withServer(
    (_request, response) => {
      arrivedAtMs.push(performance.now());
      response.end();
    },
    (url) => runWaves({ ...load('/'), url }),
  );
  expect(result).toMatchObject({ accepted: 20, completed: 20, failed: 0 });
  // A wave is due every 40 ms after the start. Timers have a resolution of one millisecond.
  arrivedAtMs.forEach((arrivedAt, index) => {
    const dueAtMs = startedAtMs + Math.floor(index / CONNECTIONS) * 40;
    expect(arrivedAt).toBeGreaterThan(dueAtMs - 1.5);
  });
});

test('a wave waits for the previous one, and none is skipped', async () => {
  let [running, mostRunning] = [0, 0];
  const result = await withServer(
    (_request, response) => {
      mostRunning = Math.max(mostRunning, ++running);
      void delay(60).then(() => {
        running--;
        response.end();
      });
    },
    (url) => runWaves({ ...load('/'), url }),
  );
  expect(result.completed).toBe(20);
  expect(mostRunning).toBe(CONNECTIONS);
});
