import { Server, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { Counter, Histogram, toAppError, type Logger, type ReadinessChecks, type Registry } from '@souk/service';
import { createCallAnswerer, type CallAnswerer, type RunMethod, type UnaryMethod } from './calls/answer-calls';
import { callService } from './calls/call-service';
import { serverCredentials } from './grpc-tls';
import { requireToken } from './grpc-token';
import { createHealthService } from './health-service';
import { MESSAGE_BYTES_MAX } from './message-size';
import { methodsOf, type MethodName, type RequestOutput, type ResponseOutput } from './methods';
import { reflectionOf, type GrpcService } from './package-definition';
import { toStatus } from './status';

/** A handler for each method of a service. The table in `status.ts` maps the errors that it throws to gRPC statuses. */
export type GrpcHandlers<Definition> = {
  [Name in MethodName<Definition> as Uncapitalize<Name>]: (
    request: RequestOutput<Definition[Name]>,
  ) => Promise<ResponseOutput<Definition[Name]>>;
};

/** A service and its handlers, regardless of its definition's type. */
interface ImplementedService {
  service: GrpcService<unknown>;
  handlers: Record<string, Handler>;
}

/** Joins a service with its handlers, one per method. */
export const implementService = <Definition>(
  service: GrpcService<Definition>,
  handlers: GrpcHandlers<Definition>,
): ImplementedService => ({ service, handlers: handlers as Record<string, Handler> });

interface GrpcServerOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Required from callers. Without it, anyone who reaches the port may call. */
  token?: string | undefined;
  /** The folder of certificates. With it, callers must have a certificate of the same authority. */
  tls?: string | undefined;
  services: readonly ImplementedService[];
  /** Checks of the services' dependencies. While one fails, the health service reports NOT_SERVING for every service. */
  checks: ReadinessChecks;
  logger: Logger;
  metrics: Registry;
}

export interface GrpcServer {
  /** Starts listening. @throws if the port is taken */
  start(): Promise<void>;
  /** Reports NOT_SERVING, takes no new calls and waits up to `STOP_DRAIN_MS` for those in flight. */
  stop(): Promise<void>;
  /** The port that it listens on. */
  port(): number;
}

const STOP_DRAIN_MS = 5_000;

const STREAMS_PER_CONNECTION_MAX = 1_000;
/** Callers reconnect after this time, so they find replicas added in the meantime. */
const CONNECTION_AGE_MAX_MS = 30_000;
const CONNECTION_AGE_GRACE_MS = 30_000;

type Handler = (request: unknown) => Promise<unknown>;

/** A server for the given services, with health and reflection. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { services, logger, token } = options;
  const names = services.map(({ service }) => service.name);
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_concurrent_streams': STREAMS_PER_CONNECTION_MAX,
    'grpc.max_connection_age_ms': CONNECTION_AGE_MAX_MS,
    'grpc.max_connection_age_grace_ms': CONNECTION_AGE_GRACE_MS,
    interceptors: token === undefined ? [] : [requireToken(token, countRefusedCalls(options.metrics))],
  });
  const duration = new Histogram({
    name: 'grpc_server_call_duration_seconds',
    help: 'Duration of calls in seconds, by method and error code (OK for success)',
    labelNames: ['method', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [options.metrics],
  });

  const calls = addServices(server, options, duration);
  new ReflectionService(reflectionOf([...names, callService.name])).addToServer(server);
  const health = createHealthService(names, options.checks);
  health.addToServer(server);

  let boundPort = options.port;

  return {
    start: async () => {
      boundPort = await new Promise<number>((resolve, reject) => {
        const address = options.host.includes(':') ? `[${options.host}]` : options.host;
        server.bindAsync(`${address}:${options.port}`, serverCredentials(options.tls), (error, port) =>
          error ? reject(error) : resolve(port),
        );
      });
      logger.info({ port: boundPort, services: names }, 'listening for gRPC');
    },
    stop: async () => {
      health.stop();
      calls.stop();
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          logger.warn('calls in flight did not end in time; cancelling them');
          server.forceShutdown();
          resolve();
        }, STOP_DRAIN_MS);
        server.tryShutdown(() => resolve());
      });
      clearTimeout(timer);
    },
    port: () => boundPort,
  };
}

function countRefusedCalls(metrics: Registry): () => void {
  const refused = new Counter({
    name: 'grpc_server_refused_calls_total',
    help: 'Calls refused because they had no valid token',
    registers: [metrics],
  });
  return () => refused.inc();
}

/** Adds the services, and the service that runs their methods for calls on a stream. */
function addServices(server: Server, options: GrpcServerOptions, duration: Histogram): CallAnswerer {
  const methodsByPath = new Map<string, UnaryMethod>();
  for (const implemented of options.services) {
    const methods = runnableMethods(options, implemented, duration);
    for (const [, method] of methods) methodsByPath.set(method.definition.path, method);
    const handlers = methods.map(([name, method]) => [name, unaryHandler(method)]);
    server.addService(implemented.service.definition, Object.fromEntries(handlers) as UntypedServiceImplementation);
  }
  const calls = createCallAnswerer(methodsByPath);
  server.addService(callService.definition, { exchange: calls.serve });
  return calls;
}

/** The unary methods of a service by their names, such as `checkItems`. */
function runnableMethods(
  { logger }: GrpcServerOptions,
  { service, handlers }: ImplementedService,
  duration: Histogram,
): [name: string, method: UnaryMethod][] {
  return methodsOf(service.definition).map(([name, definition]) => {
    const handler = handlers[name];
    if (!handler) throw new Error(`${service.name} has no handler for ${name}`);
    const { path } = definition;
    const run: RunMethod = async (request) => {
      const stopTimer = duration.startTimer({ method: name });
      try {
        const response = await handler(request);
        stopTimer({ code: 'OK' });
        return { response };
      } catch (thrown) {
        const error = toAppError(thrown);
        stopTimer({ code: error.code });
        if (error.kind === 'bug') logger.error({ err: error.cause ?? error, path }, 'a call failed because of a bug');
        else logger.debug({ err: error, path }, 'a call was refused');
        return { failed: toStatus(error) };
      }
    };
    return [name, { definition, run }];
  });
}

const unaryHandler =
  ({ run }: UnaryMethod) =>
  (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void =>
    void run(call.request).then((result) =>
      'failed' in result ? callback(result.failed) : callback(null, result.response),
    );
