import type { Logger } from '@souk/service';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpMetrics } from '../operations/http-metrics';
import { ClientGone } from '../request/body-reader';
import { correlationIdOf } from '../request/request-facts';
import { toFailure, type Failure, type FailureFormat } from './failure';
import { textOf } from './json-text';
import { refusal } from './refusal';
import { send } from './send';

/** A handler's answer, which can be a business refusal. */
export interface Answer {
  status: number;
  /** Serialized as JSON; a `JsonText` is sent as is. */
  body: unknown;
  headers?: Record<string, string> | undefined;
  /** JSON by default. */
  contentType?: string;
}

/** A request that is being answered. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The operation id of the route, or `unmatched`; identifies the request in metrics and logs. */
  operation: string;
  correlationId: string;
  /** From `performance.now()` */
  startedAtMs: number;
}

export interface Responder {
  begin(request: IncomingMessage, response: ServerResponse, operation: string): Exchange;
  answer(exchange: Exchange, answer: Answer): void;
  /** Turns what a handler threw into an answer, in the format of the contract. Internals are only logged. */
  fail(exchange: Exchange, thrown: unknown): void;
  /** Records an exchange that was answered in another way. */
  observe(exchange: Exchange, status: number): void;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function createResponder(format: FailureFormat, logger: Logger, metrics: HttpMetrics): Responder {
  const observe = ({ operation, correlationId, startedAtMs }: Exchange, status: number) => {
    metrics.observe(operation, status, (performance.now() - startedAtMs) / 1_000);
    logger.debug({ operation, status, correlationId }, 'answered');
  };

  const answer = (exchange: Exchange, { status, body, headers: own, contentType = JSON_TYPE }: Answer) => {
    const named = { 'X-Correlation-Id': exchange.correlationId };
    const headers = own ? { ...own, ...named } : named;
    send(exchange.request, exchange.response, { status, contentType, headers, text: textOf(body) });
    observe(exchange, status);
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
    fail: (exchange, thrown) => {
      if (thrown instanceof ClientGone) {
        exchange.response.destroy();
        return;
      }
      const failure = toFailure(thrown);
      logFailure(logger, exchange, failure, thrown);
      if (exchange.response.headersSent) {
        exchange.response.destroy(); // in the middle of a stream: the client notices the broken connection and retries
        return;
      }
      answer(exchange, refusal(format, failure, failure));
    },
  };
}

function logFailure(
  logger: Logger,
  { operation, correlationId }: Exchange,
  { status, code }: Failure,
  thrown: unknown,
): void {
  const entry = { operation, correlationId, status, code };
  const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (status === 500) logger.error({ ...entry, err: cause ?? thrown }, 'a request failed');
  else if (status > 500)
    logger.warn(
      { ...entry, reason: message, cause: cause instanceof Error ? cause.message : cause },
      'a request could not be served',
    );
  else logger.debug(entry, 'a request was refused');
}
