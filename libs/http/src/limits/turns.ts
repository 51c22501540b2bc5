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

interface Turn {
  request: IncomingMessage;
  response: ServerResponse;
}

interface Connection {
  /** The request being answered, or the next one once its turn is scheduled. */
  current: Turn | undefined;
  waiting: Turn[];
  /** Written after the last answer, before the connection ends. */
  lastWords: string | undefined;
  hasUnreadTimeout: boolean;
}

export interface Turns {
  /** Call it once for each new connection. */
  open(socket: Socket): void;
  take: RequestListener;
  /** Ends a connection on which no further request can be read: answers what was read, then sends `text`. */
  refuse(socket: Socket, text: string): void;
  /** Makes each connection end after its current answer, which announces the close. */
  close(): void;
  /** Disconnects clients that have sent nothing since they connected. */
  disconnectSilent(): void;
  /** Disconnects clients that don't read; call it every few seconds. */
  watchUnread(): void;
}

function endWith(socket: Socket, text: string): void {
  if (!socket.writable) socket.destroy();
  socket.end(text);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/**
 * Answers the requests on a connection one at a time, and stops reading while some are waiting. A client that pipelines and
 * never reads therefore costs only one answer and one read.
 */
export function createTurns(
  onRequest: RequestListener,
  { waitingMax = WAITING_MAX, unreadTimeoutMs = UNREAD_TIMEOUT_MS } = {},
): Turns {
  const connections = new Map<Socket, Connection>();
  let waitingCount = 0;
  let isClosing = false;

  const dropWaiting = (connection: Connection) => {
    waitingCount -= connection.waiting.length;
    connection.waiting = [];
  };

  const open = (socket: Socket) => {
    const connection: Connection = { current: undefined, waiting: [], lastWords: undefined, hasUnreadTimeout: false };
    connections.set(socket, connection);
    // Node.js resumes a socket whenever a request has been read.
    socket.on('resume', () => {
      if (connection.waiting.length > 0) socket.pause();
    });
    socket.once('close', () => {
      dropWaiting(connection);
      connections.delete(socket);
    });
  };

  const begin = (socket: Socket, connection: Connection, turn: Turn) => {
    // An answer that closes the connection is its last one; requests after it are not executed.
    if (socket.destroyed || socket.writableEnded) return;
    if (connection.hasUnreadTimeout) {
      connection.hasUnreadTimeout = false;
      socket.setTimeout(0);
    }
    if (isClosing) turn.response.setHeader('Connection', 'close');
    turn.response.once('close', () => end(socket, connection));
    onRequest(turn.request, turn.response);
  };

  const end = (socket: Socket, connection: Connection) => {
    const next = connection.waiting.shift();
    connection.current = next;
    if (!next) {
      if (connection.lastWords !== undefined) endWith(socket, connection.lastWords);
      return;
    }
    waitingCount--;
    if (connection.waiting.length === 0) socket.resume();
    // Gives other connections a turn in between.
    setImmediate(() => begin(socket, connection, next));
  };

  const take: RequestListener = (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (!connection) return;
    const turn = { request, response };
    if (!connection.current) {
      connection.current = turn;
      begin(socket, connection, turn);
    } else if (waitingCount < waitingMax) {
      connection.waiting.push(turn);
      waitingCount++;
      socket.pause();
    } else socket.destroy();
  };

  const refuse = (socket: Socket, text: string) => {
    const connection = connections.get(socket);
    if (!connection || connection.lastWords !== undefined) return;
    connection.lastWords = text;
    const { current } = connection;
    if (!current || !(current.request.complete || current.response.headersSent)) endWith(socket, text);
    else if (!current.request.complete) socket.destroy(); // in the middle of an answer
  };

  return {
    open,
    take,
    refuse,
    close: () => {
      isClosing = true;
      for (const { current } of connections.values()) {
        if (current && !current.response.headersSent) current.response.setHeader('Connection', 'close');
      }
    },
    disconnectSilent: () => {
      for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    watchUnread: () => {
      for (const [socket, connection] of connections) {
        const response = connection.current?.response;
        if (!response?.writableEnded || connection.hasUnreadTimeout) continue;
        connection.hasUnreadTimeout = true;
        socket.setTimeout(unreadTimeoutMs);
      }
    },
  };
}
