import { RESPONSE_HEADERS } from '@souk/contracts';
import cors from 'cors';
import type { Request, RequestHandler } from 'express';

const PREFLIGHT_KEPT_S = 600;

/** Lets pages of these origins call the service; `*` is every page. */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const share = cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['Content-Type', 'Idempotency-Key', 'Prefer', 'X-API-Key', 'X-Correlation-Id'],
    exposedHeaders: Object.keys(RESPONSE_HEADERS),
    maxAge: PREFLIGHT_KEPT_S,
  });
  // An OPTIONS that is no preflight asks for the methods of a path, and is answered like anything else.
  const isPlainOptions = ({ method, headers }: Request) =>
    method === 'OPTIONS' && headers['access-control-request-method'] === undefined;
  return (request, response, next) => (isPlainOptions(request) ? next() : share(request, response, next));
}
