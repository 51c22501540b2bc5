import { API_LINKS_DEFAULT, linksSeenFrom, parseApiLinks } from './api-links';

test('the default links are those of the four APIs', () => {
  expect(parseApiLinks(API_LINKS_DEFAULT)).toEqual([
    { name: 'Cart API', target: 5003 },
    { name: 'Wallet API', target: 5004 },
    { name: 'ATM API', target: 5005 },
    { name: 'Monitoring API', target: 5006 },
  ]);
  expect(parseApiLinks('')).toEqual([]);
});

test.each(['Cart API', 'Cart API=', '=5003', 'Cart API=65536', 'Cart API=javascript:alert(1)', 'Cart API=ftp://a'])(
  '%s is refused',
  (text) => expect(parseApiLinks(text)).toBeUndefined(),
);

test("a port refers to the host that the reader used, with the page's scheme", () => {
  const links = [{ name: 'Wallet API', target: 5004 }];
  const seenFrom = (host: string | undefined) => linksSeenFrom(links, host, 'Souk Cart API').map(({ url }) => url);
  expect(seenFrom('shop.example:5003')).toEqual(['//shop.example:5004/documentation']);
  expect(seenFrom('[::1]:5003')).toEqual(['//[::1]:5004/documentation']);
  expect(seenFrom(undefined)).toEqual([]);
  expect(seenFrom('a b"<script>')).toEqual([]);
});

test('an API does not link to itself', () => {
  const links = parseApiLinks(API_LINKS_DEFAULT)!;
  expect(linksSeenFrom(links, 'localhost', 'Souk ATM API').map(({ name }) => name)).toEqual([
    'Cart API',
    'Wallet API',
    'Monitoring API',
  ]);
});
