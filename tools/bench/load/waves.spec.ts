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

test('each wave starts on every connection at once, on schedule', async () => {
  const arrivedAtMs: number[] = [];
  const result = await withServer(
    (_request, response) => {
      arrivedAtMs.push(performance.now());
      response.end();
    },
    (url) => runWaves({ ...load('/'), url }),
  );
  expect(result).toMatchObject({ accepted: 20, completed: 20, failed: 0 });
  // The fifth wave is due after four intervals of 40 ms.
  expect(arrivedAtMs[16]! - arrivedAtMs[0]!).toBeGreaterThan(120);
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
