import type { RouteDeclaration, RouteInput } from '@souk/contracts';
import type { Answer, HttpApp, RequestFacts } from '@souk/http';

/**
 * Binds routes whose handlers need a schema. It is checked only after a request is validated, so an invalid request is reported
 * as such even before the schema is ready.
 * @param requireReady throws AppError `unavailable` until the schema is migrated
 */
export const bindWhenReady =
  (http: HttpApp, requireReady: () => void) =>
  <Route extends RouteDeclaration>(
    route: Route,
    handle: (input: RouteInput<Route>, facts: RequestFacts) => Promise<Answer>,
  ): void =>
    http.bind(route, async (input, facts) => {
      requireReady();
      return handle(input, facts);
    });
