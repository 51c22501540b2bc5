import type { HttpMethod } from '@souk/contracts';
import type { IRoute } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failures, HttpFailure, type Failure } from '../response/failure';
import { API_HEADERS } from '../response/send';

export type ServedMethod = HttpMethod | 'head';

/** The methods of a read-only page. */
export const READ_METHODS: readonly ServedMethod[] = ['get', 'head'];

/** Creates a request handler that answers every request with a failure. */
export type Refuse = (failure: Failure) => (request: IncomingMessage, response: ServerResponse) => void;

/** Answers OPTIONS with the methods of a path, and refuses all other methods. */
export function refuseOtherMethods(route: IRoute, methods: readonly ServedMethod[], refuse: Refuse): void {
  const allow = methods.map((method) => method.toUpperCase()).join(', ');
  route.options((_request, response) => {
    response.writeHead(204, { ...API_HEADERS, Allow: allow }).end();
  });
  route.all(refuse(failures.methodNotAllowed(allow)));
}

/** Converts the errors of Express itself: for a path that can't be decoded, or a documentation file that doesn't exist. */
export function fromExpressError(error: unknown): unknown {
  const status = error instanceof Error ? (error as { status?: unknown }).status : undefined;
  if (status === 400) return new HttpFailure(failures.invalid('The path is not percent-encoded UTF-8'));
  if (status === 403 || status === 404) return new HttpFailure(failures.notFound());
  return error;
}
