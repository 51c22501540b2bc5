import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { OriginRule } from './access/origin-rule';
import { connectFailure, corsHeaders, failureOf, originOf, refusalText } from './access/refused-connection';
import { createHttpConnections, type HttpConnections } from './limits/http-connections';
import type { Failure, FailureFormat } from './response/failure';

interface ListenerOptions {
  host: string;
  /** 0 picks a free port. */
  port: number;
  format: FailureFormat;
  /** How long connections are still accepted after the service has reported that it is stopping. */
  shutdownDelayMs?: number | undefined;
  /** Decides which pages may read refusals of malformed requests; without it, none may. */
  originRule?: OriginRule | undefined;
  /** The classes of requests and responses; by default, those of Node.js. */
  classes?: Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;
}

interface Listener {
  /** Resolves when the port is open. @throws Error if it can't be opened */
  start(): Promise<void>;
  /** Whether it is stopping, in which case load balancers should use other replicas. */
  isStopping(): boolean;
  /** Accepts connections for the configured delay, then those in the accept queue, then no more. */
  stopAccepting(): Promise<void>;
  /** Stops accepting connections, waits for requests in flight, and closes. */
  stop(): Promise<void>;
  /** The port that it listens on. */
  port(): number;
}

/** Time limits for the head of a request and for the whole request, so that a slow client doesn't occupy a socket. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Exceeds the 60 s after which load balancers close an idle connection, so that they never reuse one that is closing. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const TIMEOUT_CHECK_INTERVAL_MS = 2_000;
const STOP_TIMEOUT_MS = 8_000;
const IDLE_CLOSE_INTERVAL_MS = 50;
/** How long a client that connected just before the shutdown has to send its request. */
const SILENT_TIMEOUT_MS = 1_000;
/**
 * The accept queue counts as empty after this many turns of the event loop, and this long, without a new connection. A busy
 * kernel puts a connection into the queue a moment after its client sees it as open.
 */
const QUIET_TURNS = 3;
const QUIET_MS = 50;
/** Bounds the drain while clients keep connecting. A busy machine may need a second or more for a full queue. */
const ACCEPT_QUEUED_MS = 3_000;

/** An HTTP server with timeouts and a graceful shutdown. */
export function createListener(options: ListenerOptions, onRequest: RequestListener): Listener {
  const { host, port, shutdownDelayMs = 0 } = options;
  const connections = createHttpConnections(onRequest);
  const server = createBoundedServer(connections, options);
  let unreadCheck: NodeJS.Timeout | undefined;
  let endOfAccepting: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  const endAccepting = async () => {
    connections.close();
    if (shutdownDelayMs > 0) await delay(shutdownDelayMs);
    await acceptQueued(server);
    closed = new Promise((resolve) => server.close(() => resolve()));
  };
  const stopAccepting = () => (endOfAccepting ??= server.listening ? endAccepting() : Promise.resolve());

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          unreadCheck = setInterval(connections.watchUnread, TIMEOUT_CHECK_INTERVAL_MS).unref();
          resolve();
        });
      }),
    isStopping: () => endOfAccepting !== undefined,
    stopAccepting,
    stop: async () => {
      await stopAccepting();
      const timers = [
        // Closes connections only after reading what has arrived on them, so that no request is lost.
        setInterval(() => setImmediate(() => server.closeIdleConnections()), IDLE_CLOSE_INTERVAL_MS),
        setTimeout(connections.disconnectSilent, SILENT_TIMEOUT_MS),
        setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS),
      ];
      await closed;
      for (const timer of [...timers, unreadCheck]) clearTimeout(timer);
    },
    port: () => (server.address() as AddressInfo).port,
  };
}

function createBoundedServer(connections: HttpConnections, { format, originRule, classes }: ListenerOptions): Server {
  // The app itself refuses a request without a Host, in the service's own error format.
  const options = { ...classes, connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS, requireHostHeader: false };
  const server = createServer(options, connections.receive);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const refuse = (socket: Socket, failure: Failure, origin: string | undefined) =>
    connections.refuse(socket, refusalText(format, failure, originRule && corsHeaders(originRule, origin)));
  server.on('connection', connections.open);
  server.on('checkExpectation', connections.receive);
  server.on('connect', ({ headers }, socket: Socket) => {
    socket.on('error', () => socket.destroy()); // Node.js no longer handles the socket
    refuse(socket, connectFailure(), headers.origin);
  });
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket, failureOf(error.code), originOf(error.rawPacket));
  });
  return server;
}

/** Drains the accept queue because closing the socket would reset the connections in it. */
async function acceptQueued(server: Server): Promise<void> {
  const deadlineMs = performance.now() + ACCEPT_QUEUED_MS;
  let quietTurns = 0;
  let quietSinceMs = performance.now();
  const onConnection = () => {
    quietTurns = 0;
    quietSinceMs = performance.now();
  };
  const isQuiet = () => quietTurns >= QUIET_TURNS && performance.now() - quietSinceMs >= QUIET_MS;
  server.on('connection', onConnection);
  while (!isQuiet() && performance.now() < deadlineMs) {
    quietTurns++;
    await delay(1);
  }
  server.off('connection', onConnection);
}
