import type { Logger } from '@souk/service';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpMetrics } from '../operations/http-metrics';
import { ClientGone } from '../request/body-reader';
import { correlationIdOf } from '../request/request-facts';
import { failureAnswer, type Answer } from './answer';
import { toFailure, type Failure, type FailureFormat } from './failure';
import { textOf } from './json-text';
import { send } from './send';

/** A request that has not been answered yet. */
export interface PendingRequest {
  request: IncomingMessage;
  response: ServerResponse;
  /** The operation id of the route, or `unmatched`; identifies the request in metrics and logs. */
  operation: string;
  correlationId: string;
  /** From `performance.now()` */
  startedAtMs: number;
  /** Headers to add to the answer, whether it succeeds or fails. */
  headers?: Record<string, string>;
}

/** Sends answers, and records them in metrics and logs. */
export interface Responder {
  begin(request: IncomingMessage, response: ServerResponse, operation: string): PendingRequest;
  answer(pending: PendingRequest, answer: Answer): void;
  /** Turns what a handler threw into an answer, in the format of the contract. Internals are only logged. */
  fail(pending: PendingRequest, thrown: unknown): void;
  /** Records a request that was answered in another way. */
  observe(pending: PendingRequest, status: number): void;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function createResponder(format: FailureFormat, logger: Logger, metrics: HttpMetrics): Responder {
  const observe = ({ operation, correlationId, startedAtMs }: PendingRequest, status: number) => {
    metrics.observe(operation, status, (performance.now() - startedAtMs) / 1_000);
    logger.debug({ operation, status, correlationId }, 'request answered');
  };

  const answer = (pending: PendingRequest, { status, body, headers, contentType = JSON_TYPE }: Answer) => {
    const allHeaders = { ...headers, ...pending.headers, 'X-Correlation-Id': pending.correlationId };
    send(pending.request, pending.response, { status, contentType, headers: allHeaders, text: textOf(body) });
    observe(pending, status);
  };

  return {
    begin: (request, response, operation) => ({
      request,
      response,
      operation,
      correlationId: correlationIdOf(request),
      startedAtMs: performance.now(),
    }),
    answer,
    observe,
    fail: (pending, thrown) => {
      if (thrown instanceof ClientGone) {
        pending.response.destroy();
        return;
      }
      const failure = toFailure(thrown);
      logFailure(logger, pending, failure, thrown);
      if (pending.response.headersSent) {
        pending.response.destroy(); // in the middle of a stream: the client notices the broken connection and retries
        return;
      }
      answer(pending, failureAnswer(format, failure, failure));
    },
  };
}

function logFailure(
  logger: Logger,
  { operation, correlationId }: PendingRequest,
  { status, code }: Failure,
  thrown: unknown,
): void {
  const entry = { operation, correlationId, status, code };
  const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (status === 500) logger.error({ ...entry, err: cause ?? thrown }, 'request failed');
  else if (status > 500)
    logger.warn(
      { ...entry, reason: message, cause: cause instanceof Error ? cause.message : cause },
      'request could not be served',
    );
  else logger.debug(entry, 'request refused');
}
