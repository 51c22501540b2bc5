import type { Logger, ReadinessChecks, Registry } from '@souk/service';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createListener } from '../listener';
import { protocolError } from '../request/protocol-error';
import { failures, statusFailures, toFailure, type Failure } from '../response/failure';
import { send, type SerializedAnswer } from '../response/send';
import { createOperationPages } from './operations';

interface HealthServerOptions {
  host: string;
  port: number;
  checks: ReadinessChecks;
  metrics: Registry;
  logger: Logger;
}

export interface HealthServer {
  start(): Promise<void>;
  /** Makes `/readyz` report that the process is stopping. */
  reportStopping(): void;
  stop(): Promise<void>;
  /** The port that it listens on. */
  port(): number;
}

/** `/healthz`, `/readyz` and `/metrics` of a process that serves no other HTTP. */
export function createHealthServer({ host, port, checks, metrics, logger }: HealthServerOptions): HealthServer {
  let isStopping = false;
  const pages = createOperationPages(checks, metrics, { isStopping: () => isStopping });

  const answer = async (request: IncomingMessage): Promise<SerializedAnswer> => {
    const violation = protocolError(request);
    if (violation) return serialized(violation);
    const page = pages[pathOf(request.url ?? '/')];
    if (!page) return serialized(failures.notFound());
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return serialized(failures.methodNotAllowed('GET, HEAD'));
    return page();
  };

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const message = await answer(request).catch((error: unknown) => {
      logger.error({ err: error, path: request.url }, 'health page failed');
      return serialized(toFailure(error));
    });
    send(request, response, message);
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse) => void respond(request, response);
  const { start, stop, port: openPort } = createListener({ host, port, format: statusFailures }, onRequest);
  return { start, stop, port: openPort, reportStopping: () => (isStopping = true) };
}

export const pathOf = (url: string) => url.replace(/[?#].*$/, '').replace(/(?<=.)\/$/, '');

const serialized = (failure: Failure): SerializedAnswer => ({
  status: failure.status,
  contentType: statusFailures.contentType,
  headers: failure.headers,
  text: JSON.stringify(statusFailures.body(failure)),
});
