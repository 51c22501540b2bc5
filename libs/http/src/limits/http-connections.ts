import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Maximum number of requests, on all connections, that wait for the answer to an earlier request on the same connection. Each
 * occupies about 1.5 kB. One read from a socket contains at most 2,400 of them.
 */
const WAITING_MAX = 20_000;
/** A client that reads nothing of a finished answer for this long is disconnected. */
const UNREAD_TIMEOUT_MS = 20_000;

/**
 * How long a refused client may keep sending: closing a socket with unread bytes resets it, and the reset can overtake the
 * answer.
 */
const LINGER_MS = 2_000;

/**
 * The open connections of a server. Requests on one connection are passed on one at a time, and nothing more is read while some
 * are waiting. A client that pipelines requests and never reads therefore costs only one answer and one read.
 */
export interface HttpConnections {
  /** Call it once for each new connection. */
  open(socket: Socket): void;
  /** Passes a request on once the requests before it on its connection are answered. */
  receive: RequestListener;
  /** Ends a connection on which no further request can be read: answers what was read, then sends `text`. */
  refuse(socket: Socket, text: string): void;
  /** Makes each connection end after its current answer, which announces the close. */
  close(): void;
  /** Disconnects clients that have sent nothing since they connected. */
  disconnectSilent(): void;
  /** Disconnects clients that don't read; call it every few seconds. */
  watchUnread(): void;
}

/** State that the connections of a server share. */
interface Shared {
  readonly onRequest: RequestListener;
  readonly waitingMax: number;
  /** The number of waiting requests on all connections. */
  waitingCount: number;
  /** Whether each answer is the last one of its connection. */
  isClosing: boolean;
}

/** A request and the response to it, as Node.js passes them to a request listener. */
interface ReceivedRequest {
  request: IncomingMessage;
  response: ServerResponse;
}

interface Connection {
  readonly socket: Socket;
  readonly shared: Shared;
  /** The request being answered, or the next one, which is about to be passed on. */
  current: ReceivedRequest | undefined;
  waiting: ReceivedRequest[];
  /** Written after the last answer, before the connection ends. */
  closingText: string | undefined;
  hasUnreadTimeout: boolean;
}

export function createHttpConnections(
  onRequest: RequestListener,
  { waitingMax = WAITING_MAX, unreadTimeoutMs = UNREAD_TIMEOUT_MS } = {},
): HttpConnections {
  const connections = new Map<Socket, Connection>();
  const shared: Shared = { onRequest, waitingMax, waitingCount: 0, isClosing: false };

  return {
    open: (socket) => {
      connections.set(socket, openConnection(socket, shared));
      socket.once('close', () => connections.delete(socket));
    },
    receive: (request, response) => {
      const connection = connections.get(request.socket);
      if (connection) receive(connection, { request, response });
    },
    refuse: (socket, text) => {
      const connection = connections.get(socket);
      if (connection) refuse(connection, text);
    },
    close: () => {
      shared.isClosing = true;
      for (const { current } of connections.values()) {
        if (current && !current.response.headersSent) current.response.setHeader('Connection', 'close');
      }
    },
    disconnectSilent: () => {
      for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    watchUnread: () => {
      for (const connection of connections.values()) {
        if (!connection.current?.response.writableEnded || connection.hasUnreadTimeout) continue;
        connection.hasUnreadTimeout = true;
        connection.socket.setTimeout(unreadTimeoutMs);
      }
    },
  };
}

function openConnection(socket: Socket, shared: Shared): Connection {
  const connection: Connection = {
    socket,
    shared,
    current: undefined,
    waiting: [],
    closingText: undefined,
    hasUnreadTimeout: false,
  };
  // Node.js resumes a socket whenever a request has been read.
  socket.on('resume', () => {
    if (connection.waiting.length > 0) socket.pause();
  });
  socket.once('close', () => {
    shared.waitingCount -= connection.waiting.length;
    connection.waiting = [];
  });
  return connection;
}

function receive(connection: Connection, received: ReceivedRequest): void {
  const { socket, shared } = connection;
  if (!connection.current) {
    connection.current = received;
    begin(connection, received);
  } else if (shared.waitingCount < shared.waitingMax) {
    connection.waiting.push(received);
    shared.waitingCount++;
    socket.pause();
  } else socket.destroy();
}

function begin(connection: Connection, { request, response }: ReceivedRequest): void {
  const { socket, shared } = connection;
  // An answer that closes the connection is its last one; requests after it are not executed.
  if (socket.destroyed || socket.writableEnded) return;
  if (connection.hasUnreadTimeout) {
    connection.hasUnreadTimeout = false;
    socket.setTimeout(0);
  }
  if (shared.isClosing) response.setHeader('Connection', 'close');
  response.once('close', () => beginNext(connection));
  shared.onRequest(request, response);
}

function beginNext(connection: Connection): void {
  const { socket, shared, waiting, closingText } = connection;
  const next = waiting.shift();
  connection.current = next;
  if (!next) {
    if (closingText !== undefined) endWith(socket, closingText);
    return;
  }
  shared.waitingCount--;
  if (waiting.length === 0) socket.resume();
  // Requests on other connections may go first.
  setImmediate(() => begin(connection, next));
}

function refuse(connection: Connection, text: string): void {
  const { socket, current } = connection;
  if (connection.closingText !== undefined) return;
  connection.closingText = text;
  if (!current || !(current.request.complete || current.response.headersSent)) endWith(socket, text);
  else if (!current.request.complete) socket.destroy(); // in the middle of an answer
}

function endWith(socket: Socket, text: string): void {
  if (!socket.writable) socket.destroy();
  socket.end(text);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
