import type { RouteDeclaration, RouteInput } from '@souk/contracts';
import type { Logger, ReadinessChecks, Registry } from '@souk/service';
import express, { type ErrorRequestHandler, type IRoute, type Request, type Response } from 'express';
import { createAdminKey, type AdminKey } from './access/admin-key';
import { crossOrigin } from './access/cross-origin';
import { createOriginRule } from './access/origin-rule';
import type { ApiLink } from './documentation/api-links';
import { mountDocumentation } from './documentation/documentation';
import { buildOpenApi, isBodyOptional, takesBody, type ServiceDescription } from './documentation/openapi';
import { createGate, type Gate } from './limits/gate';
import { createListener } from './listener';
import { createHttpMetrics } from './operations/http-metrics';
import { createOperationPages } from './operations/operations';
import { protocolFault } from './request/protocol-fault';
import { readInput, type BodyRule, type RouteReader } from './request/read-input';
import { factsOf, type RequestFacts } from './request/request-facts';
import { createEventStream, type EventStream } from './response/event-stream';
import { createResponder, type Answer, type Exchange } from './response/exchange';
import { failures, HttpFailure, type Failure, type FailureFormat } from './response/failure';
import { API_HEADERS, send } from './response/send';
import { closeMethods, ofExpress, READ_METHODS, type ServedMethod } from './unserved';

export interface HttpAppOptions {
  host: string;
  /** 0 picks a free port. */
  port: number;
  service: ServiceDescription;
  /** AsyncAPI of the messages behind the service, documented next to its routes. */
  messages?: () => unknown;
  /** The format of failures in this service's contract. */
  format: FailureFormat;
  logger: Logger;
  metrics: Registry;
  checks: ReadinessChecks;
  /** Also reported on `/readyz`, without affecting it: requests are answered without them, so other replicas do no better. */
  watched?: ReadinessChecks;
  /** The `X-API-Key` that admin routes require; if `undefined`, every caller is an admin. */
  adminKey: string | undefined;
  /** Origins whose pages may call the service; see `createOriginRule`. */
  corsOrigins: readonly string[];
  /** Maximum number of concurrent requests; more are refused with 429. */
  inFlightMax: number;
  /** How long connections are still accepted after the service has reported that it is not ready. */
  shutdownDelayMs?: number;
  /** Links to the other APIs' documentation. */
  apiLinks?: readonly ApiLink[];
  eventStreamsMax?: number;
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

/** Serves a request after its input has been read. */
type Serve<Route extends RouteDeclaration> = (
  exchange: Exchange,
  input: RouteInput<Route>,
  facts: RequestFacts,
) => Promise<void>;

const EVENT_STREAMS_MAX = 1_000;
const UNMATCHED = 'unmatched';

/** An HTTP service: its routes, its documentation, and its pages for operators. */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const app = express().disable('x-powered-by').disable('etag').enable('case sensitive routing');
  const requests = createGate(options.inFlightMax);
  const streams = createGate(options.eventStreamsMax ?? EVENT_STREAMS_MAX);
  const metrics = createHttpMetrics(options.metrics, { inFlight: requests.count, eventStreams: streams.count });
  const responder = createResponder(options.format, options.logger, metrics);
  const adminKey = createAdminKey(options.adminKey);
  const routes: RouteDeclaration[] = [];
  const paths = new Map<string, { at: IRoute; methods: ServedMethod[] }>();

  const refuse = (failure: Failure) => (request: Request, response: Response) =>
    responder.fail(responder.begin(request, response, UNMATCHED), new HttpFailure(failure));

  const originRule = options.corsOrigins.length > 0 ? createOriginRule(options.corsOrigins) : undefined;
  if (originRule) app.use(crossOrigin(originRule));

  app.use((request, response, next) => {
    const fault = protocolFault(request);
    if (fault) refuse(fault)(request, response);
    else next();
  });

  const register = <Route extends RouteDeclaration>(
    route: Route,
    gate: Gate,
    serve: Serve<Route>,
    check?: RouteReader<Route>['check'],
  ) => {
    const reader = { ...readerOf(route, options.format), check };
    const handle = async (request: Request, response: Response) => {
      const exchange = responder.begin(request, response, route.operationId);
      try {
        gate.check();
        if (route.isAdmin === true) requireAdmin(adminKey, request);
        const facts = factsOf(request, route, exchange.correlationId);
        const { input, idempotency } = await readInput(reader, request);
        if (typeof route.isAdmin === 'object' && route.isAdmin.holds(input.body)) requireAdmin(adminKey, request);
        const hasAdminKey = adminKey.isGiven(request.headers['x-api-key']);
        // Counted only from here, so that a client that sends slowly doesn't take up a place.
        await gate.pass(() => serve(exchange, input, { ...facts, idempotency, hasAdminKey }));
      } catch (error) {
        responder.fail(exchange, error);
      }
    };
    const path = paths.get(route.path) ?? { at: app.route(route.path), methods: [] };
    path.at[route.method]((request, response, next) => {
      // Express passes HEAD to GET handlers; here, it goes on to the handler that refuses methods.
      if (route.changesOnGet && request.method === 'HEAD') next();
      else void handle(request, response);
    });
    path.methods.push(route.method);
    if (route.method === 'get' && !route.changesOnGet) path.methods.push('head');
    paths.set(route.path, path);
    routes.push(route);
  };

  /** Registers everything that depends on the routes; called when all of them are known. */
  const complete = () => {
    for (const { at, methods } of paths.values()) closeMethods(at, methods, refuse);
    const operations = createOperationPages(options.checks, options.metrics, {
      watched: options.watched,
      isStopping: listener.isStopping,
    });
    for (const [path, page] of Object.entries(operations)) {
      const at = app.route(path).get(async (request, response) => {
        send(request, response, await page());
      });
      closeMethods(at, READ_METHODS, refuse);
    }
    const documents = { routes: () => buildOpenApi(options.service, routes), messages: options.messages };
    const pages = mountDocumentation(app, options.service.title, documents, options.apiLinks ?? []);
    for (const at of pages) closeMethods(at, READ_METHODS, refuse);
    app.use(refuse(failures.notFound()));
    const onError: ErrorRequestHandler = (error: unknown, request, response, _next) =>
      responder.fail(responder.begin(request, response, UNMATCHED), ofExpress(error));
    app.use(onError);
  };

  const { host, port, format, shutdownDelayMs } = options;
  const listener = createListener({ host, port, format, shutdownDelayMs, originRule }, app);

  return {
    bind: (route, handle, check) => {
      const serve: Serve<typeof route> = async (exchange, input, facts) =>
        responder.answer(exchange, await handle(input, facts));
      register(route, requests, serve, check);
    },
    bindEventStream: (route, follow) =>
      register(route, streams, async (exchange, input, facts) => {
        const headers = { ...API_HEADERS, 'X-Correlation-Id': exchange.correlationId };
        const stream = createEventStream(exchange.request, exchange.response, headers);
        await follow(input, facts, stream);
        responder.observe(exchange, await stream.closed);
      }),
    start: () => {
      complete();
      return listener.start();
    },
    stopAccepting: listener.stopAccepting,
    stop: listener.stop,
    port: listener.port,
  };
}

const readerOf = <Route extends RouteDeclaration>(route: Route, format: FailureFormat): RouteReader<Route> => ({
  route,
  body: bodyRuleOf(route),
  queryNames: Object.keys((route.query as unknown as { shape: object }).shape),
  fieldFaultStatus: format.fieldFaultStatus,
});

function bodyRuleOf(route: RouteDeclaration): BodyRule {
  if (!takesBody(route)) return route.method === 'post' ? 'fieldless' : 'none';
  return isBodyOptional(route) ? 'optional' : 'required';
}

function requireAdmin(adminKey: AdminKey, { headers }: Request): void {
  if (!adminKey.admits(headers['x-api-key'])) throw new HttpFailure(failures.unauthorized());
}
