import { RESPONSE_HEADERS } from '@souk/contracts';
import cors from 'cors';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OriginRule } from './origin-rule';

const PREFLIGHT_MAX_AGE_S = 600;

/** Headers that pages may send in addition to those that browsers always allow. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'Last-Event-ID',
  'Prefer',
  'X-API-Key',
  'X-Correlation-Id',
  'traceparent',
  'tracestate',
  'baggage',
];

/** Headers that pages may read in addition to those that browsers always expose. */
export const EXPOSED_HEADERS = [...new Set([...Object.keys(RESPONSE_HEADERS), 'ETag', 'X-Correlation-Id'])];

/** Sets the cross-origin headers and calls `next`, or answers a preflight. */
type CrossOrigin = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Allows pages to call the service if the rule accepts their origin. */
export function crossOrigin(rule: OriginRule): CrossOrigin {
  const share = cors({
    origin: (origin, allow) => allow(null, rule(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_S,
  });
  const sharesWithoutOrigin = rule(undefined) !== undefined;
  /** An OPTIONS that isn't a preflight is answered like any other request. */
  const needsHeaders = ({ method, headers }: IncomingMessage) =>
    method === 'OPTIONS'
      ? headers['access-control-request-method'] !== undefined
      : sharesWithoutOrigin || headers.origin !== undefined;
  return (request, response, next) => {
    response.setHeader('Vary', 'Origin');
    if (needsHeaders(request)) share(request, response, next);
    else next();
  };
}
