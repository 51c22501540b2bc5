import { eventually } from '@souk/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEchoService } from '../test/echo-service';

const { start, stop, app, release, call, raw } = createEchoService();
afterEach(stop);

describe('a malformed request', () => {
  beforeEach(() => start());

  test('with headers beyond the limit is refused in the format of the service', async () => {
    const answer = await raw((send) => send(`GET /things/${'a'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1.1 431 [^]*"status":"failed"/);
  });

  test('that is not HTTP is refused in the format of the service', async () => {
    expect(await raw((send) => send('HELLO\r\n\r\n'))).toMatch(/^HTTP\/1.1 400 [^]*"code":"INVALID_REQUEST"/);
  });
});

/** Another process that opens 50 connections, sends a request on each, reports that, and prints the statuses it receives. */
const FIFTY_CLIENTS = `
  const port = Number(process.argv[1]);
  const statuses = [];
  let sent = 0;
  for (let n = 0; n < 50; n++) {
    let received = '';
    const socket = require('node:net').connect(port, '127.0.0.1', () => {
      socket.write('GET /things/a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n', () => {
        if (++sent === 50) require('node:fs').writeSync(1, 'sent ');
      });
    });
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', (error) => (received += error.code));
    socket.on('close', () => {
      statuses.push(/^HTTP.1.1 200 [^]*Connection: close/.test(received) ? 200 : received);
      if (statuses.length === 50) console.log(JSON.stringify(statuses));
    });
  }
`;

describe('a shutdown', () => {
  test('completes the requests in flight and accepts no others', async () => {
    await start();
    const inFlight = call('/wait');
    await eventually(async () => expect(await (await call('/metrics')).text()).toMatch(/in_flight\{[^}]*\} 1/));
    const port = app().port();
    const startedAt = performance.now();
    const stopping = app().stop();
    await app().stopAccepting();
    await expect(fetch(`http://127.0.0.1:${port}/things/a`)).rejects.toThrow();
    release();
    const { status, headers } = await inFlight;
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    await stopping;
    expect(performance.now() - startedAt).toBeLessThan(2_000); // it does not wait for clients to disconnect
  });

  test('answers connections that are still in the accept queue', async () => {
    await start();
    const output = join(await mkdtemp(join(tmpdir(), 'souk-queue-')), 'output');
    const file = openSync(output, 'w');
    const clients = spawn(process.execPath, ['-e', FIFTY_CLIENTS, String(app().port())], {
      stdio: ['ignore', file, file],
    });
    const exited = once(clients, 'exit');
    // Nothing is accepted while this thread is blocked: all fifty stay in the queue.
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const deadline = Date.now() + 10_000;
    while (readFileSync(output, 'utf8') === '' && Date.now() < deadline) Atomics.wait(pause, 0, 0, 20);
    await app().stop();
    await exited;
    expect(JSON.parse(readFileSync(output, 'utf8').replace('sent ', ''))).toEqual(Array<number>(50).fill(200));
  });

  test('is reported for the configured time before the port is closed', async () => {
    await start({ shutdownDelayMs: 500 });
    const stopping = app().stop();
    const ready = await call('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', checks: { process: 'stopping' } },
    ]);
    expect((await call('/healthz')).status).toBe(200);
    const response = await call('/things/a');
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await stopping;
  });

  test('does not wait for clients that connect and send nothing', async () => {
    await start();
    const socket = connect(app().port(), '127.0.0.1');
    await once(socket, 'connect');
    const startedAt = performance.now();
    await app().stop();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
