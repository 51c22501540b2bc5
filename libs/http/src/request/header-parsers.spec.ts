import { accessSettings, createAccess } from '@souk/access';
import { parseIdempotencyKey } from '@souk/contracts';
import { createLogger, createMetrics } from '@souk/service';
import { expectLinearTime } from '@souk/testing';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';
import { createOriginRule } from '../access/origin-rule';
import { originOf } from '../access/refused-connection';
import { linksSeenFrom } from '../documentation/api-links';
import { pathOf } from '../operations/health-server';
import { parseIfMatch } from './if-match';
import { requireJson } from './json-body';
import { parsePrefer } from './prefer';
import { protocolError } from './protocol-error';
import { correlationIdOf, traceparentOf } from './request-facts';

const requestWith = (headers: IncomingHttpHeaders) =>
  ({ httpVersion: '1.1', rawHeaders: ['Host', 'a'], headers }) as IncomingMessage;

const rule = createOriginRule(['https://shop.example', 'http://localhost:*']);

const closed = {
  ...z.object(accessSettings).parse({ ADMIN_API_KEY: 's3cret' }),
  ACCESS: 'closed',
  SOUK_BIND: '::1',
} as const;
const access = createAccess(closed, { logger: createLogger('test', 'silent'), metrics: createMetrics('test') });

const identify = (headers: IncomingHttpHeaders) => {
  // Invalid credentials are rejected, which doesn't matter here.
  Promise.resolve(access.identify(headers)).catch(() => undefined);
};

const PARSERS: Record<string, (value: string) => unknown> = {
  Prefer: parsePrefer,
  'If-Match': parseIfMatch,
  'Idempotency-Key': parseIdempotencyKey,
  'X-API-Key': (value) => identify({ 'x-api-key': value }),
  Authorization: (value) => identify({ authorization: value }),
  'Content-Type': (value) => requireJson(requestWith({ 'content-type': value })),
  'Content-Encoding': (value) => requireJson(requestWith({ 'content-encoding': value })),
  'X-Correlation-Id': (value) => correlationIdOf(requestWith({ 'x-correlation-id': value })),
  traceparent: (value) => traceparentOf(requestWith({ traceparent: value })),
  Expect: (value) => protocolError(requestWith({ expect: value })),
  Host: (value) => linksSeenFrom([{ name: 'Wallet API', target: 5004 }], value, 'Cart API'),
  Origin: (value) => rule(value),
  'the Origin of an unreadable request': (value) => originOf(Buffer.from(`GET / HTTP/1.1\r\n${value}`)),
  'the path': pathOf,
};

test.each(Object.keys(PARSERS))('%s is read in linear time', (name) => {
  expect(() => expectLinearTime(PARSERS[name]!)).not.toThrow();
});
