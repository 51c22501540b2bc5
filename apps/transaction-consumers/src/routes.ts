import type { Database } from '@souk/database';
import type { HttpApp } from '@souk/http';

/** What routes are bound on. */
export interface RouteDeps {
  db: Database;
}

/** Every route of the Monitoring API, whichever consumers this process runs: what they derive is in one schema. */
export function bindRoutes(_http: HttpApp, _deps: RouteDeps): void {}
