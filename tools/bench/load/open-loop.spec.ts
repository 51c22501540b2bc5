import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runOpenLoop } from './open-loop';

test('requests that were due while the server stalled count the stall', async () => {
  const STALL_MS = 300;
  let stalledUntil: number | undefined;
  const server = createServer((_request, response) => {
    stalledUntil ??= performance.now() + STALL_MS;
    setTimeout(() => response.end(), Math.max(0, stalledUntil - performance.now()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const operations = [[{ method: 'POST' as const, path: '/', headers: {}, body: '' }]];

  const result = await runOpenLoop({ url, connections: 1, seconds: 0.4, rate: 100, operations });

  server.close();
  expect(result).toMatchObject({ accepted: 40, completed: 40, failed: 0 });
  // Three quarters of the requests were due during the stall, evenly; the median of all waited for a third of it.
  expect(result.p50Ms).toBeGreaterThan(STALL_MS / 5);
  expect(result.p99Ms).toBeGreaterThan(STALL_MS * 0.9);
});
