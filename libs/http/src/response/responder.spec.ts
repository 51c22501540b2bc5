import type { FailureFormat } from './failure';
import { createEchoService } from '../../test/echo-service';

const { start, stop, call, post } = createEchoService();
afterEach(stop);

describe('every answer', () => {
  beforeEach(() => start());

  test('has the correlation id that the client sent, or a new one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const named = await post('{"name":"a"}', { 'x-correlation-id': 'cart-42', traceparent });
    expect(named.headers.get('x-correlation-id')).toBe('cart-42');
    expect(await named.json()).toMatchObject({ correlationId: 'cart-42', traceparent });
    const strange = await post('{"name":"a"}', { 'x-correlation-id': 'a b"}', traceparent: '00-0-0-0' });
    expect(strange.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await strange.json()).not.toHaveProperty('traceparent');
  });

  test('forbids caching and sniffing, and does not reveal the server software', async () => {
    for (const response of [await call('/things/a'), await call('/nope')]) {
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('etag')).toBeNull();
    }
  });

  test('is counted by operation and status', async () => {
    await call('/things/a');
    await call('/throw/bug');
    await call('/nope');
    const metrics = await (await call('/metrics')).text();
    expect(metrics).toMatch(/souk_http_request_duration_seconds_count\{[^}]*operation="thing",status="200"[^}]*\} 1/);
    expect(metrics).toMatch(/souk_http_request_duration_seconds_count\{[^}]*operation="throw",status="500"[^}]*\} 1/);
    expect(metrics).toMatch(
      /souk_http_request_duration_seconds_count\{[^}]*operation="unmatched",status="404"[^}]*\} 1/,
    );
    expect(metrics).toMatch(/souk_http_requests_in_flight\{[^}]*\} 0/);
  });
});

describe('a failure', () => {
  beforeEach(() => start());

  test.each([
    ['bug', 500, { code: 'INTERNAL' }, null],
    ['unavailable', 503, { code: 'UNAVAILABLE' }, '1'],
    ['timeout', 504, { code: 'TIMEOUT' }, null],
    ['rejected', 409, { code: 'STOCK_RESERVED', reserved: 3 }, null],
    ['overloaded', 429, { code: 'OVERLOADED' }, '1'],
  ])('of kind %s is answered with %i', async (kind, status, body, retryAfter) => {
    const response = await call(`/throw/${kind}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ status: 'failed', error: expect.any(String) as string, ...body });
  });

  test('reveals no internals', async () => {
    for (const kind of ['bug', 'unavailable']) {
      expect(await (await call(`/throw/${kind}`)).text()).not.toMatch(/SELECT|\.ts|ECONN|10\.1|TypeError| at /);
    }
  });

  test('has the format of the service, including its status for invalid fields', async () => {
    const format: FailureFormat = {
      contentType: 'application/problem+json',
      fieldErrorStatus: 422,
      body: ({ status, code, message }) => ({ title: code, status, detail: message }),
    };
    await start({ format });
    const response = await post('{}');
    expect([response.status, response.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(await response.json()).toEqual({ title: 'INVALID_REQUEST', status: 422, detail: 'name is required' });
    expect((await post('{')).status).toBe(400);
    expect(await (await call('/nope')).json()).toMatchObject({ title: 'NOT_FOUND' });
  });
});
