import type { Caller, RouteDeclaration } from '@souk/contracts';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { failures, HttpFailure } from '../response/failure';
import { parseIfMatch, type IfMatch } from './if-match';
import { parsePrefer, type WaitPreference } from './prefer';

/** Facts about a request that a handler receives in addition to the validated input. */
export interface RequestFacts {
  /** Identifies this request in logs and messages: the client's id, or a new one. */
  correlationId: string;
  /** W3C trace context, if the client sent one. */
  traceparent: string | undefined;
  /** When the request arrived, in milliseconds since 1970. */
  startedAt: number;
  /** Present if the client sent a key. */
  idempotency: { key: string; fingerprint: string } | undefined;
  /** What its credentials say about the caller. */
  caller: Caller;
  prefer: WaitPreference;
  /** Present if the route takes `If-Match` and the client sent it. */
  ifMatch?: IfMatch | undefined;
}

const CORRELATION_ID = /^[\w.:-]{1,100}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const headerMatching = (value: string | string[] | undefined, pattern: RegExp): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;

export const correlationIdOf = ({ headers }: IncomingMessage): string =>
  headerMatching(headers['x-correlation-id'], CORRELATION_ID) ?? randomUUID();

export const traceparentOf = ({ headers }: IncomingMessage): string | undefined =>
  headerMatching(headers['traceparent'], TRACEPARENT);

/** @throws HttpFailure 400 for a malformed `If-Match` */
export function factsOf(
  request: IncomingMessage,
  route: RouteDeclaration,
  correlationId: string,
): Omit<RequestFacts, 'idempotency' | 'caller'> {
  const { prefer, 'if-match': ifMatch } = request.headers;
  return {
    correlationId,
    traceparent: traceparentOf(request),
    startedAt: Date.now(),
    prefer: route.takesPrefer && typeof prefer === 'string' ? parsePrefer(prefer) : {},
    ...(route.takesIfMatch && ifMatch !== undefined ? { ifMatch: requireIfMatch(ifMatch) } : {}),
  };
}

function requireIfMatch(header: string): IfMatch {
  const ifMatch = parseIfMatch(header);
  if (ifMatch === undefined) {
    throw new HttpFailure(failures.invalid('If-Match must be * or a list of entity tags, such as "abc"'));
  }
  return ifMatch;
}
