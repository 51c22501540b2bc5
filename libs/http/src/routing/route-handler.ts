import { callerFrom, type Access, type Principal } from '@souk/access';
import type { RouteDeclaration, RouteInput } from '@souk/contracts';
import { AppError } from '@souk/service';
import type { Request, Response } from 'express';
import { checkInput, checkRoute, type IsOwn } from '../access/permission';
import { isBodyOptional, takesBody } from '../documentation/openapi';
import { applyLimit } from '../limits/apply-limit';
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
        applyLimit(pending, await access.limits.countRequest(principal, addressOf(request), route.access.limit));
      }
      const facts = factsOf(request, route, pending.correlationId);
      const { input, idempotency } = await readInput(reader, request);
      // The request counts towards the limit only from here, so that a client that sends slowly doesn't use it up.
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
 * @returns who calls, if the caller may use the route
 * @throws AppError `unauthenticated`, `forbidden` or `unavailable`; HttpFailure 429 if the address has too often sent no valid
 *   credentials
 */
async function authenticate(
  access: Access,
  route: RouteDeclaration,
  pending: PendingRequest,
  request: Request,
): Promise<Principal> {
  try {
    const principal = await access.identify(request.headers);
    checkRoute(principal, route);
    return principal;
  } catch (error) {
    if (access.limits && error instanceof AppError && error.kind === 'unauthenticated') {
      applyLimit(pending, await access.limits.countRefusal(addressOf(request)));
    }
    throw error;
  }
}

/** The address of the caller; empty if it has just gone. */
const addressOf = ({ ip = '' }: Request): string => ip;

function bodyRuleOf(route: RouteDeclaration): BodyRule {
  if (!takesBody(route)) return route.method === 'post' ? 'fieldless' : 'none';
  return isBodyOptional(route) ? 'optional' : 'required';
}
