import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { AppError } from '@souk/service';
import { service as healthDefinition } from 'grpc-health-check';
import { boundConnecting } from './bound-connecting';
import { methodsOf, type MethodName, type RequestInput, type ResponseOutput } from './methods';
import type { GrpcService } from './package-definition';
import { fromStatus } from './status';

interface GrpcClientOptions {
  /** A gRPC target: `127.0.0.1:9100`, `ipv4:127.0.0.1:9100,127.0.0.1:9101`, `dns:///inventory-manager:9100`. */
  address: string;
  /** Time limit for a call, including its retries. */
  deadlineMs: number;
  /** Methods that are never retried. All others are retried if the server is unavailable. */
  nonRetryableMethods?: readonly string[];
}

interface CallOptions {
  deadlineMs?: number;
}

/** The unary methods of a generated definition as functions that return a promise. @throws AppError */
type GrpcMethods<Definition> = {
  [Name in MethodName<Definition> as Uncapitalize<Name>]: (
    request: RequestInput<Definition[Name]>,
    options?: CallOptions,
  ) => Promise<ResponseOutput<Definition[Name]>>;
};

export type GrpcClient<Definition> = GrpcMethods<Definition> & {
  /**
   * Asks the server's health service.
   * @throws AppError `unavailable` if the server can't be reached or isn't ready, `timeout` if it doesn't respond in time
   */
  ping(): Promise<void>;
  /** Ends calls in flight with an error. */
  close(): void;
};

export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

const PING_DEADLINE_MS = 1_500;

boundConnecting();

/** Retries only if the server returns UNAVAILABLE or there is no connection; the deadline covers all attempts. */
const RETRY_POLICY = {
  maxAttempts: 4,
  initialBackoff: '0.05s',
  maxBackoff: '0.5s',
  backoffMultiplier: 3,
  retryableStatusCodes: ['UNAVAILABLE'],
};

/** A client of one service. It connects on first use; the server may start later. */
export function createGrpcClient<Definition>(
  service: GrpcService<Definition>,
  label: string,
  options: GrpcClientOptions,
): GrpcClient<Definition> {
  const client = new Client(options.address, credentials.createInsecure(), channelOptions(service.name, options));

  const call =
    (path: string, serialize: (value: unknown) => Buffer, deserialize: (bytes: Buffer) => unknown) =>
    (request: unknown, { deadlineMs = options.deadlineMs }: CallOptions = {}) =>
      new Promise<unknown>((resolve, reject) => {
        const onResponse = (error: ServiceError | null, response?: unknown) => {
          if (error) reject(fromStatus(error, label));
          else resolve(response);
        };
        const deadline = Date.now() + deadlineMs;
        client.makeUnaryRequest(path, serialize, deserialize, request, { deadline }, onResponse);
      });

  const methods = methodsOf(service.definition).map(([name, method]) => [
    name,
    call(method.path, method.requestSerialize, method.responseDeserialize),
  ]);

  const healthCheck = healthDefinition['Check']!;
  const checkHealth = call(
    healthCheck.path,
    healthCheck.requestSerialize as (value: unknown) => Buffer,
    healthCheck.responseDeserialize,
  );
  const ping = async () => {
    const { status } = (await checkHealth({ service: service.name }, { deadlineMs: PING_DEADLINE_MS })) as {
      status: string;
    };
    if (status !== 'SERVING') throw new AppError('unavailable', 'UNAVAILABLE', `${label} is not ready; try again`);
  };

  return {
    ...(Object.fromEntries(methods) as GrpcMethods<Definition>),
    ping,
    close: () => client.close(),
  };
}

function channelOptions(service: string, { nonRetryableMethods = [] }: GrpcClientOptions) {
  return {
    'grpc.service_config': JSON.stringify({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: [
        // The most specific name wins; an entry without a policy is not retried.
        { name: [{}], retryPolicy: RETRY_POLICY },
        ...nonRetryableMethods.map((method) => ({ name: [{ service, method }] })),
      ],
    }),
    // Use only this configuration: a DNS record must not change how calls are retried.
    'grpc.service_config_disable_resolution': 1,
    // Find a restarted server within a second.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    // Detect a server that vanishes silently within 15 s, even between calls.
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
    // These calls are internal, so ignore an HTTP proxy from the environment.
    'grpc.enable_http_proxy': 0,
  };
}
