import { createEchoService, statusAndCode } from '../../test/echo-service';

const { start, stop, call, post, raw } = createEchoService();
afterEach(stop);

describe('an idempotency key', () => {
  beforeEach(() => start());

  const open = (body: object, key: string) =>
    call('/open', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    });

  test('of a request that acts for no party must have at least 16 characters, not counting quotes', async () => {
    const key = 'k'.repeat(16);
    for (const longKey of [key, `"${key}"`]) expect(await (await open({}, longKey)).json()).toMatchObject({ key });
    for (const shortKey of [key.slice(1), `"${key.slice(1)}"`])
      expect(await statusAndCode(await open({}, shortKey))).toEqual([400, 'INVALID_REQUEST']);
    expect(await (await open({ owner: 'a' }, 'k')).json()).toMatchObject({ key: 'k' });
    // The body is validated before the key.
    expect(await (await open({ owner: 1 }, 'k')).json()).toMatchObject({ fields: [{ field: 'owner' }] });
  });

  test('of a request that acts for no party has its minimum length documented', async () => {
    const { paths } = (await (await call('/documentation/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string; description: string }[] } }>;
    };
    const describedAt = (path: string) =>
      paths[path]!.post.parameters.find(({ name }) => name === 'Idempotency-Key')!.description;
    expect(describedAt('/open')).toContain('At least 16 characters when `owner` is absent.');
    expect(describedAt('/echo')).not.toContain('16');
  });

  test('reaches the handler together with the fingerprint of the body', async () => {
    const first = await post('{"name":"a","x":1}', { 'idempotency-key': '"k-1"' });
    const second = await post('{ "x":1, "name":"a" }', { 'idempotency-key': 'k-1' });
    const { idempotency } = (await first.json()) as { idempotency: { key: string; fingerprint: string } };
    expect(idempotency).toEqual({ key: 'k-1', fingerprint: expect.stringMatching(/^[\w-]{43}$/) as string });
    expect(await second.json()).toMatchObject({ idempotency });
  });

  test.each(['a b', 'a'.repeat(256), '""', 'caf\u00e9'])('%s gets 400', async (key) => {
    expect(await statusAndCode(await post('{"name":"a"}', { 'idempotency-key': key }))).toEqual([
      400,
      'INVALID_REQUEST',
    ]);
  });

  test('sent twice gets 400', async () => {
    const answer = await raw((send) => {
      send(
        'POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 12\r\n',
      );
      send('Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n{"name":"a"}');
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  test('is checked after the body', async () => {
    const response = await post('{}', { 'idempotency-key': 'a b' });
    expect(await response.json()).toMatchObject({ error: 'name is required' });
  });
});

describe('a path or query', () => {
  beforeEach(() => start());

  test('that cannot be decoded gets 400', async () => {
    for (const path of ['/things/%zz', '/things/%ff', '/things/a?page=%ff']) {
      expect(await statusAndCode(await call(path))).toEqual([400, 'INVALID_REQUEST']);
    }
  });

  test('with an unknown parameter gets 400, and the answer names it and the valid ones', async () => {
    const response = await call('/things/a?pgae=2&page=1&%22x%22');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      status: 'failed',
      error: 'Unknown query parameter: pgae, "x"; valid ones are page',
      code: 'INVALID_REQUEST',
      fields: ['pgae', '"x"'].map((field) => ({ field, message: 'is not a query parameter; valid ones are page' })),
    });
    const onPost = await call('/echo?dryRun=true', { method: 'POST', body: '{' });
    expect(await onPost.json()).toMatchObject({ error: 'Unknown query parameter: dryRun; this route takes none' });
    expect((await call('/events?__proto__=1')).status).toBe(400);
    expect((await call(`/things/a?${'page=1&'.repeat(1_500)}x=1`)).status).toBe(400);
    expect((await call('/things/a?')).status).toBe(200);
  });
});
