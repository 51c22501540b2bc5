import { callerFrom, type Access, type Principal } from '@souk/access';
import type { RouteDeclaration, RouteInput } from '@souk/contracts';
import { AppError } from '@souk/service';
import type { Request, Response } from 'express';
import { checkInput, checkRoute, type IsOwn } from '../access/permission';
import { isBodyOptional, takesBody } from '../documentation/openapi';
import { applyLimit } from '../limits/apply-limit';
import { callerNetwork } from '../limits/caller-network';
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter';
import { readInput, type BodyRule, type RouteReader } from '../request/read-input';
import { factsOf, type RequestFacts } from '../request/request-facts';
import type { FailureFormat } from '../response/failure';
import type { PendingRequest, Responder } from '../response/responder';

interface RouteHandlerDeps {
  responder: Responder;
  access: Access;
  isOwn: IsOwn;
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
  { responder, access, isOwn, format }: RouteHandlerDeps,
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
      const principal = await authenticate(access, route, pending, request);
      if (access.limits) {
        applyLimit(pending, await access.limits.countRequest(principal, callerNetwork(request.ip), route.access.limit));
      }
      checkRoute(principal, route);
      const facts = factsOf(request, route, pending.correlationId);
      const { input, idempotency } = await readInput(reader, request);
      // The request counts as in flight only from here, so that a client that sends slowly doesn't use it up.
      await limiter.run(async () => {
        await checkInput(principal, route, input, isOwn);
        await serve(pending, input, { ...facts, idempotency, caller: callerFrom(principal) });
      });
    } catch (error) {
      responder.fail(pending, error);
    }
  };
}

/**
 * @returns who calls; a caller without credentials only if the route needs none
 * @throws AppError `unauthenticated` or `unavailable`; HttpFailure 429 if the caller's network has sent too many requests without
 *   valid credentials
 */
async function authenticate(
  access: Access,
  route: RouteDeclaration,
  pending: PendingRequest,
  request: Request,
): Promise<Principal> {
  try {
    const principal = await access.identify(request.headers);
    if (principal.kind === 'anonymous') checkRoute(principal, route);
    return principal;
  } catch (error) {
    if (access.limits && error instanceof AppError && error.kind === 'unauthenticated') {
      applyLimit(pending, await access.limits.countRefusal(callerNetwork(request.ip)));
    }
    throw error;
  }
}

function bodyRuleOf(route: RouteDeclaration): BodyRule {
  if (!takesBody(route)) return route.method === 'post' ? 'fieldless' : 'none';
  return isBodyOptional(route) ? 'optional' : 'required';
}
