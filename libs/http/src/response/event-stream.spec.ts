import { eventually } from '@souk/testing';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createEventStream, type EventStream } from './event-stream';

const KEEP_ALIVE_MS = 20;
/** Larger than the 10 MB that sockets themselves buffer. */
const LARGE = 'é€'.repeat(2_600_000);

let server: Server;
let stream: EventStream;
let socket: Socket | undefined;

async function serve(follow: (stream: EventStream) => void, keepAliveMs = KEEP_ALIVE_MS): Promise<string> {
  server = createServer((request, response) => {
    stream = createEventStream(request, response, {}, keepAliveMs);
    follow(stream);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Sends the request of a client that reads nothing. */
async function openUnread(url: string): Promise<void> {
  socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => expect(stream).toBeDefined());
}

beforeEach(() => {
  stream = undefined as unknown as EventStream;
});

afterEach(() => {
  socket?.destroy();
  server.closeAllConnections();
  server.close();
});

test('events larger than the backlog limit reach a reading client completely, with their ids', async () => {
  const order = 'é€'.repeat(200_000);
  const url = await serve((opened) => {
    opened.send('status', '1', order);
    opened.send('status', '2', order);
    opened.end();
  });
  const text = await (await fetch(url)).text();
  const event = (id: string) => `id: ${id}\nevent: status\ndata: ${JSON.stringify(order)}\n\n`;
  expect(text === event('1') + event('2')).toBe(true);
});

test('a client that never reads is disconnected once its backlog is too large', async () => {
  await openUnread(await serve(() => undefined, 60_000));
  const EVENTS_MAX = 1_000;
  let sent = 0;
  while (!stream.isClosed && sent < EVENTS_MAX) {
    stream.send('status', String(++sent), 'x'.repeat(100_000));
    await new Promise(setImmediate);
  }
  expect(stream.isClosed).toBe(true);
  expect(sent).toBeLessThan(EVENTS_MAX);
});

test('a client that never reads a large event is disconnected even if no other event follows', async () => {
  await openUnread(await serve((opened) => opened.send('status', '1', LARGE)));
  await eventually(() => expect(stream.isClosed).toBe(true));
});

test('a client that reads a large event slowly is not disconnected', async () => {
  // The kernel reports what was read in steps of megabytes, which may be seconds apart on a busy machine.
  const url = await serve((opened) => opened.send('status', '1', LARGE), 4_000);
  const { body } = await fetch(url);
  const reader = body!.getReader();
  let length = 0;
  let lastChunk = '';
  while (!lastChunk.includes('keep-alive')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream broke after ${length} bytes`);
    lastChunk = Buffer.from(value as Uint8Array).toString();
    length += (value as Uint8Array).length;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(length).toBeGreaterThan(LARGE.length);
  await reader.cancel();
});

test('a client that has seen the final event gets 204', async () => {
  let lastEventId: IncomingMessage['headers'][string];
  const url = await serve((opened) => {
    lastEventId = opened.lastEventId;
    opened.finish();
  });
  const response = await fetch(url, { headers: { 'last-event-id': 'final' } });
  expect([lastEventId, response.status, await response.text()]).toEqual(['final', 204, '']);
  expect(await stream.closed).toBe(204);
});
