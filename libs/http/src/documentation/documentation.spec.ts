import { buildAsyncApi } from '@souk/contracts';
import { createEchoService, statusAndCode } from '../../test/echo-service';

const { start, stop, call } = createEchoService();
afterEach(stop);

/** The URLs that a documentation page loads and links to. */
const linksOf = (page: string) => [...page.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, link]) => link!);

describe('the documentation', () => {
  beforeEach(() => start({ messages: buildAsyncApi }));

  test.each(['/documentation', '/documentation/', '/docs', '/docs/', '/'])(
    'is at %s and loads everything from this service',
    async (path) => {
      const page = await call(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      const links = linksOf(await page.text());
      expect(links.length).toBeGreaterThan(3);
      for (const link of links) {
        const { pathname } = new URL(link, page.url);
        expect(pathname).toMatch(/^\/documentation(\/|$)/);
        expect([link, (await call(pathname)).status]).toEqual([link, 200]);
      }
    },
  );

  test.each(['/documentation', '/documentation/', '/documentation/asyncapi', '/documentation/asyncapi/'])(
    'works at %s behind a path prefix',
    async (path) => {
      const seenAt = `https://example.org/shop${path}`;
      for (const link of linksOf(await (await call(path)).text())) {
        expect(new URL(link, seenAt).href).toMatch(/^https:\/\/example.org\/shop\/documentation(\/|$)/);
      }
      for (const entry of ['/', '/docs', '/docs/']) {
        const { status, headers } = await call(entry, { redirect: 'manual' });
        const target = new URL(headers.get('location')!, `https://example.org/shop${entry}`).href;
        expect([status, target]).toEqual([302, 'https://example.org/shop/documentation']);
      }
    },
  );

  test('links to the documentation of the other APIs on the host that the reader used', async () => {
    const apiLinks = [
      { name: 'Echo', target: 5003 },
      { name: 'Wallet API', target: 5004 },
      { name: 'ATM API', target: 'https://atm.example/api/' },
    ];
    await start({ apiLinks });
    const page = await (await call('/documentation')).text();
    expect(page).toContain('<a href="//127.0.0.1:5004/documentation">Wallet API</a>');
    expect(page).toContain('<a href="https://atm.example/api/documentation">ATM API</a>');
    expect(page).not.toContain('5003');
  });

  test('loads the document of the served routes', async () => {
    const script = await (await call('/documentation/swagger-ui-init.js')).text();
    expect(script).toContain("new URL('openapi.json', document.currentScript.src)");
    expect(script).toContain('validatorUrl: null');
    const response = await call('/documentation/openapi.json');
    const document = (await response.json()) as { openapi: string; paths: object; servers: [{ url: string }] };
    expect(document.openapi).toBe('3.1.0');
    expect(new URL(document.servers[0].url, response.url).pathname).toBe('/');
    expect(Object.keys(document.paths)).toEqual([
      '/echo',
      '/open',
      '/act',
      '/things/{name}',
      '/operators',
      '/wait',
      '/hold',
      '/throw/{kind}',
      '/events',
    ]);
  });
});

describe('the documentation of messages', () => {
  beforeEach(() => start({ messages: buildAsyncApi }));

  test('is linked with the documentation of the routes and loads everything from this service', async () => {
    const routes = await (await call('/documentation')).text();
    expect(routes).toContain('href="./documentation/asyncapi"');
    const page = await call('/documentation/asyncapi');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = new Set(linksOf(await page.text()).map((link) => new URL(link, page.url).pathname));
    expect([...links]).toEqual(expect.arrayContaining(['/documentation', '/documentation/asyncapi.json']));
    for (const link of links) expect([link, (await call(link)).status]).toEqual([link, 200]);
  });

  test('serves its AsyncAPI document', async () => {
    expect(await (await call('/documentation/asyncapi.json')).json()).toEqual(
      JSON.parse(JSON.stringify(buildAsyncApi())),
    );
    expect((await call('/documentation/asyncapi', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
  });

  test('does not exist for a service without messages', async () => {
    await start();
    expect(await statusAndCode(await call('/documentation/asyncapi'))).toEqual([404, 'NOT_FOUND']);
    expect(await (await call('/documentation')).text()).not.toContain('asyncapi');
  });
});
