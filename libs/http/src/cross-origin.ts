import { RESPONSE_HEADERS } from '@souk/contracts';
import cors from 'cors';

const PREFLIGHT_KEPT_S = 600;

/** Lets pages of these origins call the service; `*` is every page. */
export const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['Content-Type', 'Idempotency-Key', 'Prefer', 'X-API-Key', 'X-Correlation-Id'],
    exposedHeaders: Object.keys(RESPONSE_HEADERS),
    maxAge: PREFLIGHT_KEPT_S,
  });
