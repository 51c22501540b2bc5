import { isAdminScope, scopeFor, type RouteDeclaration, type RouteInput } from '@souk/contracts';
import type { Request, Response } from 'express';
import type { AdminKey } from '../access/admin-key';
import { isBodyOptional, takesBody } from '../documentation/openapi';
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter';
import { readInput, type BodyRule, type RouteReader } from '../request/read-input';
import { factsOf, type RequestFacts } from '../request/request-facts';
import { failures, HttpFailure, type FailureFormat } from '../response/failure';
import type { PendingRequest, Responder } from '../response/responder';

interface RouteHandlerDeps {
  responder: Responder;
  adminKey: AdminKey;
  format: FailureFormat;
}

/** How the requests of one route are served. */
interface RouteService<Route extends RouteDeclaration> {
  limiter: ConcurrencyLimiter;
  check?: RouteReader<Route>['check'];
  /** Answers a request after its input has been read. */
  serve(pending: PendingRequest, input: RouteInput<Route>, facts: RequestFacts): Promise<void>;
}

/** @returns a function that handles one request: it checks access and limits, reads the input, and serves the request */
export function createRouteHandler<Route extends RouteDeclaration>(
  { responder, adminKey, format }: RouteHandlerDeps,
  route: Route,
  { limiter, check, serve }: RouteService<Route>,
): (request: Request, response: Response) => Promise<void> {
  const reader: RouteReader<Route> = {
    route,
    body: bodyRuleOf(route),
    queryNames: Object.keys((route.query as unknown as { shape: object }).shape),
    fieldErrorStatus: format.fieldErrorStatus,
    check,
  };
  return async (request, response) => {
    const pending = responder.begin(request, response, route.operationId);
    try {
      limiter.check();
      if (isAdminScope(route.access.scope)) requireAdmin(adminKey, request);
      const facts = factsOf(request, route, pending.correlationId);
      const { input, idempotency } = await readInput(reader, request);
      if (isAdminScope(scopeFor(route.access, input.body))) requireAdmin(adminKey, request);
      const hasAdminKey = adminKey.matches(request.headers['x-api-key']);
      // The request counts towards the limit only from here, so that a client that sends slowly doesn't use it up.
      await limiter.run(() => serve(pending, input, { ...facts, idempotency, hasAdminKey }));
    } catch (error) {
      responder.fail(pending, error);
    }
  };
}

function bodyRuleOf(route: RouteDeclaration): BodyRule {
  if (!takesBody(route)) return route.method === 'post' ? 'fieldless' : 'none';
  return isBodyOptional(route) ? 'optional' : 'required';
}

function requireAdmin(adminKey: AdminKey, { headers }: Request): void {
  if (!adminKey.admits(headers['x-api-key'])) throw new HttpFailure(failures.unauthorized());
}
