import { createServer, STATUS_CODES, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { failures, type Failure, type FailureFormat } from './failure';

export interface ListenerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  format: FailureFormat;
}

export interface Listener {
  /** Resolves when the port is open. @throws Error when it can't be */
  start(): Promise<void>;
  /** Takes no more requests, lets those in flight end, and closes. */
  stop(): Promise<void>;
  /** The port that is open. */
  port(): number;
}

/** For the head of a request, and for all of it. A client that is slower than this holds a socket for nothing. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the 60 s after which load balancers drop an idle connection: theirs to close, so that no request meets a closing one. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const TIMEOUTS_CHECKED_MS = 2_000;
const STOP_TIMEOUT_MS = 8_000;
const IDLE_CLOSED_MS = 50;

/** An HTTP server with bounded patience and a graceful end. */
export function createListener({ host, port, format }: ListenerOptions, onRequest: RequestListener): Listener {
  const server = createServer({ connectionsCheckingInterval: TIMEOUTS_CHECKED_MS }, onRequest);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket as Socket, format, error.code));

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        const idle = setInterval(() => server.closeIdleConnections(), IDLE_CLOSED_MS);
        const late = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          resolve();
        });
      }),
    port: () => (server.address() as AddressInfo).port,
  };
}

/** What is no HTTP request never reaches the app; it is answered in the same shape all the same. */
function refuse(socket: Socket, format: FailureFormat, code: string | undefined): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const failure = failureOf(code);
  const body = JSON.stringify(format.body(failure));
  const head = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`,
    `Content-Type: ${format.contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function failureOf(code: string | undefined): Failure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'INVALID_REQUEST', message: 'The path and the headers are too large' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request did not arrive in time' };
  }
  return failures.invalid('This is not an HTTP request');
}
