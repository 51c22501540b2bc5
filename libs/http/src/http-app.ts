import { ownsParty, type Access, type Customer } from '@souk/access';
import type { Party, RouteDeclaration, RouteInput } from '@souk/contracts';
import type { Logger, ReadinessChecks, Registry } from '@souk/service';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { RequestListener } from 'node:http';
import { crossOrigin } from './access/cross-origin';
import { checkMetricsReader } from './access/permission';
import { createOriginRule, type OriginRule } from './access/origin-rule';
import type { ApiLink } from './documentation/api-links';
import { mountDocumentation } from './documentation/documentation';
import { buildOpenApi, type ServiceDescription } from './documentation/openapi';
import { createConcurrencyLimiter } from './limits/concurrency-limiter';
import { createListener } from './listener';
import { messageClasses } from './message-classes';
import { createHttpMetrics } from './operations/http-metrics';
import { createOperationPages } from './operations/operations';
import { protocolError } from './request/protocol-error';
import type { RequestFacts } from './request/request-facts';
import type { Answer } from './response/answer';
import { createEventStream, type EventStream } from './response/event-stream';
import { failures, HttpFailure, type FailureFormat } from './response/failure';
import { createResponder } from './response/responder';
import { API_HEADERS, send } from './response/send';
import { createRouteHandler } from './routing/route-handler';
import { createRouteTable } from './routing/route-table';
import { fromExpressError, READ_METHODS, refuseOtherMethods, type Refuse } from './routing/unserved';

export interface HttpAppOptions {
  host: string;
  /** 0 picks a free port. */
  port: number;
  service: ServiceDescription;
  /** Builds the AsyncAPI document of the messages behind the service, which is shown next to its routes. */
  messages?: () => unknown;
  /** The format of failures in this service's contract. */
  format: FailureFormat;
  logger: Logger;
  metrics: Registry;
  checks: ReadinessChecks;
  /** Checks of dependencies that requests can do without, and that other replicas would lack too: `/readyz` only reports them. */
  informationalChecks?: ReadinessChecks;
  /** Finds out who calls. The service starts and stops it. */
  access: Access;
  /**
   * Whether a customer may act for a party; throws AppError `not_found` if the customer must not learn of it. By default, what
   * the customer's token says.
   */
  isOwn?: (customer: Customer, party: Party) => boolean | Promise<boolean>;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. Default: none */
  trustedProxies?: readonly string[];
  /** Origins whose pages may call the service; see `createOriginRule`. */
  corsOrigins: readonly string[];
  /** Maximum number of concurrent requests; further ones are refused with 429. */
  inFlightMax: number;
  /** How long connections are still accepted after the service has reported that it is not ready. */
  shutdownDelayMs?: number;
  /** Links to the other APIs' documentation. */
  apiLinks?: readonly ApiLink[];
  eventStreamsMax?: number;
  /** Whether `/metrics` needs an API key with the scope `monitoring:read`. Default: false */
  areMetricsClosed?: boolean;
  /** Whether the pages under `/documentation` are served. Default: true */
  isDocumented?: boolean;
}

export interface HttpApp {
  /**
   * @param handle throws AppError for failures that it doesn't return as answers
   * @param check validates what the declaration can't, such as limits from the settings. It runs after the rest of the
   *   validation and before the check of the idempotency key; throws HttpFailure
   */
  bind<Route extends RouteDeclaration>(
    route: Route,
    handle: (input: RouteInput<Route>, facts: RequestFacts) => Promise<Answer>,
    check?: (input: RouteInput<Route>) => void,
  ): void;
  /** @param follow sends events, or throws before the first one; the stream stays open after it resolves */
  bindEventStream<Route extends RouteDeclaration>(
    route: Route,
    follow: (input: RouteInput<Route>, facts: RequestFacts, stream: EventStream) => Promise<void>,
  ): void;
  start(): Promise<void>;
  /**
   * Reports that the service is not ready and closes each connection after its next answer. Accepts new connections for the
   * configured delay. Resolves when the port is closed; requests may still be in flight.
   */
  stopAccepting(): Promise<void>;
  /** Stops accepting and waits for requests in flight; the caller ends event streams. */
  stop(): Promise<void>;
  /** The port that it listens on. */
  port(): number;
}

const EVENT_STREAMS_MAX = 1_000;
const UNMATCHED = 'unmatched';

/** An HTTP service: its routes, its documentation, and its pages for operators. */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { host, port, format, shutdownDelayMs, corsOrigins } = options;
  const app = express().disable('x-powered-by').disable('etag').enable('case sensitive routing');
  if (options.trustedProxies?.length) app.set('trust proxy', options.trustedProxies);
  const requests = createConcurrencyLimiter(options.inFlightMax);
  const streams = createConcurrencyLimiter(options.eventStreamsMax ?? EVENT_STREAMS_MAX);
  const metrics = createHttpMetrics(options.metrics, { inFlight: requests.count, eventStreams: streams.count });
  const responder = createResponder(format, options.logger, metrics);
  const deps = { responder, format, access: options.access, isOwn: options.isOwn ?? ownsParty };
  const table = createRouteTable(app);
  const refuse: Refuse = (failure) => (request, response) =>
    responder.fail(responder.begin(request, response, UNMATCHED), new HttpFailure(failure));

  const originRule = corsOrigins.length > 0 ? createOriginRule(corsOrigins) : undefined;
  const listener = createListener(
    { host, port, format, shutdownDelayMs, originRule, classes: messageClasses(app) },
    checkBefore(app, originRule, refuse),
  );

  /** Adds everything that must come after the routes. */
  const complete = () => {
    table.refuseOtherMethods(refuse);
    mountPages(app, options, { routes: table.routes, isStopping: listener.isStopping, refuse });
    app.use(refuse(failures.notFound()));
    const onError: ErrorRequestHandler = (error: unknown, request, response, _next) =>
      responder.fail(responder.begin(request, response, UNMATCHED), fromExpressError(error));
    app.use(onError);
  };

  return {
    bind: (route, handle, check) => {
      const handler = createRouteHandler(deps, route, {
        limiter: requests,
        check,
        serve: async (pending, input, facts) => responder.answer(pending, await handle(input, facts)),
      });
      table.add(route, handler);
    },
    bindEventStream: (route, follow) => {
      const handler = createRouteHandler(deps, route, {
        limiter: streams,
        serve: async (pending, input, facts) => {
          const headers = { ...API_HEADERS, ...pending.headers, 'X-Correlation-Id': pending.correlationId };
          const stream = createEventStream(pending.request, pending.response, headers);
          await follow(input, facts, stream);
          responder.observe(pending, await stream.closed);
        },
      });
      table.add(route, handler);
    },
    start: () => {
      complete();
      options.access.start();
      return listener.start();
    },
    stopAccepting: listener.stopAccepting,
    stop: () => listener.stop().then(() => options.access.stop()),
    port: listener.port,
  };
}

/** Checks each request before Express handles it. Express middleware would cost more than the checks themselves. */
function checkBefore(app: Express, originRule: OriginRule | undefined, refuse: Refuse): RequestListener {
  const checkProtocol: RequestListener = (request, response) => {
    const failure = protocolError(request);
    if (failure) refuse(failure)(request, response);
    else app(request, response);
  };
  if (!originRule) return checkProtocol;
  const shareOrigin = crossOrigin(originRule);
  return (request, response) => shareOrigin(request, response, () => checkProtocol(request, response));
}

/** Serves the pages for operators and the documentation. */
function mountPages(
  app: Express,
  options: HttpAppOptions,
  { routes, isStopping, refuse }: { routes: readonly RouteDeclaration[]; isStopping: () => boolean; refuse: Refuse },
): void {
  const { service, messages, checks, informationalChecks, metrics, access, apiLinks = [] } = options;
  const operations = createOperationPages(checks, metrics, { informationalChecks, isStopping });
  const operationPages = Object.entries(operations).map(([path, page]) =>
    app.route(path).get(async (request, response) => {
      if (path === '/metrics' && options.areMetricsClosed) checkMetricsReader(await access.identify(request.headers));
      send(request, response, await page());
    }),
  );
  const documents = { routes: () => buildOpenApi(service, routes), messages };
  const isDocumented = options.isDocumented ?? true;
  const documentationPages = isDocumented ? mountDocumentation(app, service.title, documents, apiLinks) : [];
  for (const route of [...operationPages, ...documentationPages]) refuseOtherMethods(route, READ_METHODS, refuse);
}
