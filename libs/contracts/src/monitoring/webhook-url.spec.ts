import { webhookUrlError } from './webhook-url';

test.each([
  'https://shop.example/hooks',
  'http://shop.example:8080/hooks?of=souk',
  'http://127.0.0.1/',
  'https://[2606:4700::1111]/',
  `https://shop.example/${'a'.repeat(1_979)}`,
  `https://${'a.'.repeat(126)}a/`,
])('%s can be the URL of a webhook', (url) => {
  expect(webhookUrlError(url)).toBeUndefined();
});

test.each([
  ['', /must be a URL/],
  ['shop.example', /must be a URL/],
  ['/hooks', /must be a URL/],
  ['https://', /must be a URL/],
  [' https://shop.example', /must be a URL/],
  ['https://shop.example/a\nb', /must be a URL/],
  ['https://shop.example/\0', /must be a URL/],
  ['https://shop.example/\ud800', /must be a URL/],
  ['ftp://shop.example', /http/],
  ['file:///etc/passwd', /http/],
  ['javascript:alert(1)', /http/],
  ['https://ada@shop.example', /user/],
  ['https://:secret@shop.example', /user/],
  ['https://shop.example/#top', /fragment/],
  ['https://shop.example/#', /fragment/],
  [`https://shop.example/${'a'.repeat(1_980)}`, /at most 2000/],
  [`https://${'a.'.repeat(127)}/`, /host of at most 253/],
])('%j cannot be the URL of a webhook', (url, message) => {
  expect(webhookUrlError(url)).toMatch(message);
});
