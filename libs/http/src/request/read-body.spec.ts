import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BODY_BYTES_MAX } from './body-reader';
import { createEchoService, statusAndCode } from '../../test/echo-service';

const { start, stop, app, call, post, raw } = createEchoService();
afterEach(stop);

/** Sends 3 MB ten times and prints what it received each time, followed by the connection error, if any. */
const LARGE_BODY_CLIENT = `
  const [port, framing] = process.argv.slice(1);
  const piece = 'a'.repeat(65_536);
  const send = () => new Promise((resolve) => {
    let received = '';
    const socket = require('node:net').connect(Number(port), '127.0.0.1', () => {
      const size = framing === 'declared' ? 'Content-Length: ' + 48 * piece.length : 'Transfer-Encoding: chunked';
      socket.write('POST /echo HTTP/1.1\\r\\nHost: a\\r\\nContent-Type: application/json\\r\\n' + size + '\\r\\n\\r\\n');
      for (let n = 0; n < 48; n++) socket.write(framing === 'declared' ? piece : '10000\\r\\n' + piece + '\\r\\n');
      if (framing === 'chunked') socket.write('0\\r\\n\\r\\n');
    });
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', (error) => (received += error.code));
    socket.on('close', () => resolve(received));
  });
  (async () => {
    const answers = [];
    for (let n = 0; n < 10; n++) answers.push(await send());
    console.log(JSON.stringify(answers));
  })();
`;

const run = promisify(execFile);

describe('a body', () => {
  beforeEach(() => start());

  test('arrives as sent, without unknown fields', async () => {
    const response = await post('{"name":"a","more":null,"unknown":1}');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ body: { name: 'a' } });
  });

  test('may arrive in pieces', async () => {
    const answer = await raw((send) => {
      send(
        'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
      );
      for (const piece of ['{"na', 'me":"caf', '\u00e9"}'])
        send(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
      send('0\r\n\r\n');
    });
    expect(answer).toContain('"name":"caf\u00e9"');
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON ;charset="UTF-8"',
    'application/json;profile="x"',
    'application/merge-patch+json',
  ])('of type %s is JSON', async (type) => {
    expect((await post('{"name":"a"}', { 'content-type': type })).status).toBe(200);
  });

  test.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/jsonp', {}],
    ['application/json/x', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['multipart/form-data; boundary=a', {}],
  ])('of type %s %j gets 415, however large and malformed it is', async (type, headers) => {
    const response = await post('x'.repeat(BODY_BYTES_MAX + 1), { 'content-type': type, ...headers });
    expect(await statusAndCode(response)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test('without a content type gets 415', async () => {
    expect(await statusAndCode(await call('/echo', { method: 'POST', body: new Uint8Array([123, 125]) }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  test('that is missing gets 400', async () => {
    expect(await statusAndCode(await post(null))).toEqual([400, 'INVALID_REQUEST']);
    expect(await statusAndCode(await call('/echo', { method: 'POST' }))).toEqual([400, 'INVALID_REQUEST']);
  });

  test('of 64 KiB is accepted, and one more byte gets 413', async () => {
    const ofSize = (bytes: number) => JSON.stringify({ name: 'a'.repeat(bytes - '{"name":""}'.length) });
    expect((await post(ofSize(BODY_BYTES_MAX))).status).toBe(200);
    expect(await statusAndCode(await post(ofSize(BODY_BYTES_MAX + 1)))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test.each(['declared', 'chunked'])('of 3 MB, %s, is answered with 413, not with a reset', async (framing) => {
    // The client is another process; in this one, it would send everything before the server gets a turn.
    const { stdout } = await run(process.execPath, ['-e', LARGE_BODY_CLIENT, String(app().port()), framing]);
    const answers = JSON.parse(stdout) as string[];
    expect(answers).toHaveLength(10);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 413 [^]*Connection: close[^]*PAYLOAD_TOO_LARGE/);
      expect(answer).not.toMatch(/E[A-Z]+$/);
    }
  });

  test('that never ends gets 413, and the connection is closed', async () => {
    const answer = await raw((send) => {
      send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('with several invalid fields has all of them reported', async () => {
    const response = await call('/things/a?page=1&page=2', {});
    expect(await response.json()).toMatchObject({ fields: [{ field: 'page', message: 'must be a string' }] });
    const both = await post('{"more":1}');
    expect(both.status).toBe(400);
    expect(await both.json()).toEqual({
      status: 'failed',
      error: 'name is required; more must be a string',
      code: 'INVALID_REQUEST',
      fields: [
        { field: 'name', message: 'is required' },
        { field: 'more', message: 'must be a string' },
      ],
    });
  });
});

describe('a POST without required fields', () => {
  const send = (path: string, headers: string, body = '') =>
    raw((write) =>
      write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIdempotency-Key: ${'k'.repeat(16)}\r\n${headers}\r\n\r\n${body}`,
      ),
    );
  const EMPTY = [
    ['no body', 'X: y'],
    ['no body, with a content type', 'Content-Type: application/json'],
    ['an empty body', 'Content-Length: 0'],
    ['an empty body of a form', 'Content-Length: 0\r\nContent-Type: application/x-www-form-urlencoded'],
    ['an empty body in chunks', 'Transfer-Encoding: chunked\r\nContent-Type: text/plain', '0\r\n\r\n'],
    ['{}', 'Content-Length: 2\r\nContent-Type: application/json', '{}'],
    ['{} without a content type', 'Content-Length: 2', '{}'],
    ['{} in chunks without a content type', 'Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'],
  ] as const;

  test.each(['/open', '/act'])(
    'accepts any form of an empty body and treats all of them as the same request: %s',
    async (path) => {
      await start();
      const bodies = new Set<string>();
      for (const [form, headers, body] of EMPTY) {
        const answer = await send(path, headers, body);
        expect([form, answer.split('\r\n')[0]]).toEqual([form, 'HTTP/1.1 200 OK']);
        bodies.add(answer.slice(answer.indexOf('\r\n\r\n')));
      }
      expect(bodies.size).toBe(1);
    },
  );

  test.each(['/open', '/act'])('refuses a body that is malformed, of another type or too large: %s', async (path) => {
    await start();
    const json = 'Content-Type: application/json';
    for (const [headers, body, status] of [
      [json, '{', 400],
      [json, '[]', 400],
      [json, ' ', 400],
      ['X: y', '{"owner"', 400],
      ['Content-Type: text/plain', '{}', 415],
      ['Content-Type: application/x-www-form-urlencoded', 'a=b', 415],
      [`${json}\r\nContent-Encoding: gzip`, '{}', 415],
      [json, `{"owner":"${'a'.repeat(BODY_BYTES_MAX)}"}`, 413],
    ] as const) {
      const answer = await send(path, `Content-Length: ${body.length}\r\n${headers}`, body);
      expect([headers, body.slice(0, 9), answer.slice(0, 12)]).toEqual([
        headers,
        body.slice(0, 9),
        `HTTP/1.1 ${status}`,
      ]);
    }
    const chunked = 'Transfer-Encoding: chunked\r\nContent-Type: text/plain';
    expect(await send(path, chunked, '2\r\n{}\r\n0\r\n\r\n')).toMatch(/^HTTP\/1.1 415/);
  });

  test('is documented with an optional body', async () => {
    await start();
    const { paths } = (await (await call('/documentation/openapi.json')).json()) as {
      paths: Record<string, { post: { requestBody?: { required: boolean } } }>;
    };
    expect(['/open', '/act', '/echo'].map((path) => paths[path]!.post.requestBody?.required)).toEqual([
      ...[false, undefined, true],
    ]);
  });
});
