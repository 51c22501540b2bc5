import { Client, status, type Metadata, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { AppError, toAppError } from '@souk/service';
import { service as healthDefinition } from 'grpc-health-check';
import { boundConnecting } from './bound-connecting';
import { callService } from './calls/call-service';
import { createCallStreams } from './calls/call-streams';
import { channelCredentials } from './grpc-tls';
import { callMetadata } from './grpc-token';
import { MESSAGE_BYTES_MAX } from './message-size';
import { methodsOf, type MethodName, type RequestInput, type ResponseOutput } from './methods';
import type { GrpcService } from './package-definition';
import { asUnknownOutcome, fromStatus, toServiceError } from './status';

/** A server, or replicas that share its calls. */
export interface GrpcTarget {
  /** `127.0.0.1:9100`, `ipv4:127.0.0.1:9100,127.0.0.1:9101` or `dns:///inventory-manager:9100`. */
  address: string;
  /** The server's `GRPC_TOKEN`, if it has one. */
  token?: string | undefined;
  /** The folder of certificates, if the server uses TLS. */
  tls?: string | undefined;
}

interface GrpcClientOptions extends GrpcTarget {
  /** Time limit for a call, including its retries. */
  deadlineMs: number;
  /** Methods that are never repeated. All others are repeated if the server is unavailable, or the connection breaks before the answer. */
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

/** Larger requests are sent as unary calls. */
const STREAMED_BYTES_MAX = 256 * 1024;

const PING_DEADLINE_MS = 1_500;

type Method = MethodDefinition<unknown, unknown>;

boundConnecting();

/**
 * A unary call is retried only if the server returned UNAVAILABLE or could not be reached. The deadline covers all attempts,
 * including an earlier one on a stream.
 */
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
  const client = new Client(options.address, channelCredentials(options.tls), channelOptions(service.name, options));
  const { callUnary, callOnStream, closeStreams } = createCaller(client, label, callMetadata(options.token));
  const nonRetryablePaths = new Set(options.nonRetryableMethods?.map((method) => `/${service.name}/${method}`));

  const methods = methodsOf(service.definition).map(([name, method]) => [
    name,
    async (request: unknown, { deadlineMs = options.deadlineMs }: CallOptions = {}) => {
      try {
        const bytes = method.requestSerialize(request);
        // A call on a stream may be repeated, and a large message would hold up those behind it.
        const isUnary = nonRetryablePaths.has(method.path) || bytes.length > STREAMED_BYTES_MAX;
        return await (isUnary ? callUnary : callOnStream)(method, bytes, Date.now() + deadlineMs);
      } catch (error) {
        throw toAppError(error);
      }
    },
  ]);

  const healthCheck = healthDefinition['Check'] as Method;
  const ping = async () => {
    const request = healthCheck.requestSerialize({ service: service.name });
    const health = await callUnary(healthCheck, request, Date.now() + PING_DEADLINE_MS);
    if ((health as { status: string }).status !== 'SERVING')
      throw new AppError('unavailable', 'UNAVAILABLE', `${label} is not ready; try again`);
  };

  return {
    ...(Object.fromEntries(methods) as GrpcMethods<Definition>),
    ping,
    close: () => {
      closeStreams();
      client.close();
    },
  };
}

/** Calls the methods of a server, as unary calls or on streams. */
function createCaller(client: Client, label: string, metadata: Metadata) {
  const streams = createCallStreams(client, metadata);

  const callUnary = ({ path, responseDeserialize }: Method, request: Buffer, deadline: number) =>
    new Promise<unknown>((resolve, reject) => {
      const onResponse = (error: ServiceError | null, response?: unknown) => {
        if (error) reject(fromStatus(error, label));
        else resolve(response);
      };
      const asIs = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(path, asIs, responseDeserialize, request, metadata, { deadline }, onResponse);
    });

  const callOnStream = async (method: Method, request: Buffer, deadline: number) => {
    const answer = await streams.exchange(method.path, request, deadline);
    if (answer === 'unsent') return callUnary(method, request, deadline);
    if (answer === 'lost')
      return callUnary(method, request, deadline).catch((error: unknown) => {
        throw asUnknownOutcome(error, label);
      });
    // The unary call applies the retry policy.
    if (answer.status === status.UNAVAILABLE) return callUnary(method, request, deadline);
    if (answer.status !== status.OK) throw fromStatus(toServiceError(answer), label);
    return method.responseDeserialize(answer.response);
  };

  return { callUnary, callOnStream, closeStreams: streams.close };
}

function channelOptions(service: string, { nonRetryableMethods = [] }: GrpcClientOptions) {
  return {
    'grpc.service_config': JSON.stringify({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: [
        // The most specific name wins; an entry without a policy is not retried.
        { name: [{}], retryPolicy: RETRY_POLICY },
        { name: [{ service: callService.name }] },
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
