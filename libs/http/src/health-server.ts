import type { Logger, ReadinessChecks, Registry } from '@souk/service';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failures, statusFailures, toFailure, type Failure } from './failure';
import { createListener } from './listener';
import { createOperationPages } from './operations';
import { send, type Message } from './send';

export interface HealthServerOptions {
  host: string;
  port: number;
  checks: ReadinessChecks;
  metrics: Registry;
  logger: Logger;
}

export interface HealthServer {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The port that is open. */
  port(): number;
}

/** `/healthz`, `/readyz` and `/metrics` of a process that serves no other HTTP. */
export function createHealthServer({ host, port, checks, metrics, logger }: HealthServerOptions): HealthServer {
  const pages = createOperationPages(checks, metrics);

  const answer = async (request: IncomingMessage): Promise<Message> => {
    const page = pages[pathOf(request.url ?? '/')];
    if (!page) return refusal(failures.notFound());
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(failures.methodNotAllowed('GET, HEAD'));
    return page();
  };

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const message = await answer(request).catch((error: unknown) => {
      logger.error({ err: error, path: request.url }, 'a health page failed');
      return refusal(toFailure(error));
    });
    send(request, response, message);
  };

  return createListener({ host, port, format: statusFailures }, (request, response) => void respond(request, response));
}

const pathOf = (url: string) => url.replace(/[?#].*$/, '').replace(/(?<=.)\/$/, '');

const refusal = (failure: Failure): Message => ({
  status: failure.status,
  contentType: statusFailures.contentType,
  headers: failure.headers,
  text: JSON.stringify(statusFailures.body(failure)),
});
