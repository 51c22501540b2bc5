import { createEchoService } from '../../test/echo-service';

const { start, stop, call, post, raw } = createEchoService();
afterEach(stop);

describe('a browser', () => {
  const origin = 'https://shop.example';

  test('may call from a listed origin and read the headers meant for clients', async () => {
    await start({ corsOrigins: [origin] });
    const preflight = await call('/echo', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')!.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(
        ['Content-Type', 'Idempotency-Key', 'Prefer', 'X-API-Key', 'X-Correlation-Id', 'Authorization']
          .concat(['If-Match', 'Last-Event-ID', 'traceparent', 'tracestate', 'baggage'])
          .map((name) => name.toLowerCase()),
      ),
    );
    const response = await post('{', { origin });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')!.split(',')).toEqual(
      expect.arrayContaining(['Location', 'Retry-After', 'Idempotency-Replayed', 'X-Correlation-Id', 'ETag']),
    );
  });

  test('may call from any port of a host listed with the port `*`, and from no other host', async () => {
    await start({ corsOrigins: ['http://localhost:*', 'http://127.0.0.1:*'] });
    const allowedFor = async (from: string) =>
      (await post('{', { origin: from })).headers.get('access-control-allow-origin');
    for (const allowed of ['http://localhost:3000', 'http://localhost', 'http://127.0.0.1:65535']) {
      expect(await allowedFor(allowed)).toBe(allowed);
    }
    for (const foreign of [
      'https://localhost:3000',
      'http://localhost.evil.example:3000',
      'http://localhost:3000.evil.example',
    ])
      expect(await allowedFor(foreign)).toBeNull();
  });

  const echo = (headers: string) => `GET /things/a HTTP/1.1\r\n${headers}Origin: ${origin}\r\n\r\n`;

  test.each([
    ['an unknown expectation', 417, 'EXPECTATION_FAILED', echo('Host: a\r\nExpect: tea\r\nConnection: close\r\n')],
    ['a missing Host', 400, 'INVALID_REQUEST', echo('Connection: close\r\n')],
    ['two Host headers', 400, 'INVALID_REQUEST', echo('Host: a\r\nHost: a\r\nConnection: close\r\n')],
    ['CONNECT', 405, 'METHOD_NOT_ALLOWED', `CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nOrigin: ${origin}\r\n\r\n`],
    ['large headers', 431, 'INVALID_REQUEST', echo(`Host: a\r\nX-Large: ${'a'.repeat(20_000)}\r\n`)],
    ['something other than HTTP', 400, 'INVALID_REQUEST', `HELLO\r\nOrigin: ${origin}\r\n\r\n`],
  ])('can read the answer to %s', async (_, status, code, request) => {
    await start({ corsOrigins: [origin] });
    const answer = await raw((send) => send(request));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`Access-Control-Allow-Origin: ${origin}\r\n`);
    expect(answer).toMatch(/Access-Control-Expose-Headers: [^\r]*X-Correlation-Id/);
    const body = answer.split('\r\n\r\n').pop()!;
    expect(JSON.parse(body)).toEqual({ status: 'failed', error: expect.any(String) as string, code });
  });

  test('cannot read the answer to a malformed request from another origin', async () => {
    await start({ corsOrigins: [origin] });
    for (const request of [
      'HELLO\r\nOrigin: https://evil.example\r\n\r\n',
      echo('Connection: close\r\n').replace(origin, 'https://evil.example'),
    ]) {
      expect(await raw((send) => send(request))).not.toContain('Access-Control-Allow-Origin');
    }
  });

  test('may not call from another origin, or from any origin if none is listed', async () => {
    await start({ corsOrigins: [origin] });
    expect(
      (await post('{}', { origin: 'https://evil.example' })).headers.get('access-control-allow-origin'),
    ).toBeNull();
    await start();
    expect((await post('{}', { origin })).headers.get('access-control-allow-origin')).toBeNull();
  });
});
