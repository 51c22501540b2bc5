import { createEchoService, statusAndCode } from '../../test/echo-service';

const { start, stop, call } = createEchoService();
afterEach(stop);

describe('a path', () => {
  beforeEach(() => start({ adminKey: 's3cret' }));

  test('is the same with a trailing slash', async () => {
    expect(await (await call('/things/a/')).json()).toMatchObject({ params: { name: 'a' } });
  });

  test('that is unknown gets 404', async () => {
    for (const path of [
      '/nope',
      '/things',
      '/things/a/b',
      '/documentation/nope.js',
      '/documentation/..%2fpackage.json',
    ]) {
      expect(await statusAndCode(await call(path))).toEqual([404, 'NOT_FOUND']);
    }
  });

  test.each([
    ['/echo', 'GET', 'POST'],
    ['/things/a', 'DELETE', 'GET, HEAD, PUT'],
    ['/things/a/', 'PATCH', 'GET, HEAD, PUT'],
    ['/healthz', 'POST', 'GET, HEAD'],
    ['/metrics', 'PUT', 'GET, HEAD'],
    ['/documentation', 'POST', 'GET, HEAD'],
  ])('%s does not support %s, and the answer lists what it supports', async (path, method, allow) => {
    const response = await call(path, { method });
    expect(response.headers.get('allow')).toBe(allow);
    expect(await statusAndCode(response)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  test('lists its methods in answer to OPTIONS', async () => {
    const response = await call('/things/a', { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, PUT']);
  });

  test('answers HEAD like GET, without the body', async () => {
    const response = await call('/things/a', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });

  test('for admins checks the key before anything else', async () => {
    for (const key of [undefined, 'wrong']) {
      const response = await call('/things/a', { method: 'PUT', ...(key ? { headers: { 'x-api-key': key } } : {}) });
      expect(await statusAndCode(response)).toEqual([401, 'UNAUTHORIZED']);
    }
    expect((await call('/things/a', { method: 'PUT', headers: { 'x-api-key': 's3cret' } })).status).toBe(200);
    expect((await call('/things/a')).status).toBe(200);
  });
});
