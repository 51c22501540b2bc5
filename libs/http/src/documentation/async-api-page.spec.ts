import { buildAsyncApi, TOPOLOGY } from '@souk/contracts';
import { renderAsyncApi, type AsyncApiDocument } from './async-api-page';
import { html } from './html';

const document = JSON.parse(JSON.stringify(buildAsyncApi())) as AsyncApiDocument;
const page = renderAsyncApi(document).source;
const text = page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('the page lists every queue, exchange, message and reply, with its summary', () => {
  for (const { name, summary, messages } of [...TOPOLOGY.queues, ...TOPOLOGY.exchanges]) {
    expect(text).toContain(name);
    expect(page).toContain(html`${summary}`.source);
    for (const message of messages) {
      expect(page).toContain(`id="${message.type.replace('.', '-')}"`);
      expect(page).toContain(html`${message.summary}`.source);
    }
  }
  for (const channel of Object.keys(document.channels)) expect(text).toContain(channel);
});

test('every link within the page has exactly one target', () => {
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(10);
  for (const target of targets) expect([target, page.split(` id="${target}"`).length - 1]).toEqual([target, 1]);
});

test('fields are listed with their type, bounds and meaning, and nested fields by their path', () => {
  expect(text).toContain('clientID string 1 to 100 characters The client who owns the cart');
  expect(text).toContain('fingerprint optional string');
  expect(text).toContain('items list of OrderItem');
  expect(text).toContain('status &quot;processing&quot; or &quot;completed&quot; or &quot;failed&quot;');
  expect(text).not.toContain('9007199254740991');
});

test('examples come from the schemas', () => {
  expect(text).toContain('&quot;productID&quot;: &quot;brass-lantern-small&quot;');
});

test('text from a document never becomes markup', () => {
  const evil = '<script>alert(1)</script>"\'&';
  const infected = { ...document, info: { title: evil, version: evil, description: evil } };
  expect(renderAsyncApi(infected).source).not.toContain('<script>');
  expect(html`<a title="${evil}">${[evil, 1, undefined]}</a>`.source).toBe(
    '<a title="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;">&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;1</a>',
  );
});
