import mysql from 'mysql2';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionOptions } from './session';

/** Detects a silent server long before a statement times out. */
export interface ServerWatch {
  /**
   * Runs a statement, or anything else that waits for the server.
   * @throws ServerSilent at once while the server is known to be silent, or as soon as it falls silent
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** The server stopped responding. The outcome of operations in flight is unknown, as is the state of their connections. */
class ServerSilent extends Error {
  override readonly name = 'ServerSilent';
  readonly code = 'SERVER_SILENT';
}

/**
 * After this time without a response, a new connection shows whether the server is silent or a statement is just slow. Together
 * with the greeting timeout, it leaves a caller time to retry within 2 s.
 */
const QUIET_MS = 300;
const GREETING_TIMEOUT_MS = 600;
/** The greeting timeout counts timer ticks of this length: a busy process needs several event-loop turns to read a greeting. */
const GREETING_TURN_MS = 100;
const PROBE_INTERVAL_MS = 250;

/** @param onSilent called when the server falls silent; its connections are then useless */
export function createServerWatch(url: string, onSilent: () => void): ServerWatch {
  const waitingRejects = new Set<(error: Error) => void>();
  let respondedAt = 0;
  let isWatching = false;
  let isSilent = false;
  let isStopped = false;

  const handleSilence = async () => {
    isSilent = true;
    onSilent();
    for (const reject of waitingRejects) reject(new ServerSilent('the database server stopped responding'));
    waitingRejects.clear();
    while (!isStopped && !(await isResponding(url))) await delay(PROBE_INTERVAL_MS, undefined, { ref: false });
    isSilent = false;
  };

  const watch = async () => {
    while (waitingRejects.size > 0 && !isStopped) {
      const quietMs = performance.now() - respondedAt;
      if (quietMs < QUIET_MS) {
        await delay(QUIET_MS - quietMs, undefined, { ref: false });
        continue;
      }
      const respondedBefore = respondedAt;
      if (await isResponding(url)) respondedAt = performance.now();
      else if (respondedAt === respondedBefore && waitingRejects.size > 0) await handleSilence();
    }
    isWatching = false;
  };

  const endWait = (reject: (error: Error) => void, isResponse: boolean) => {
    waitingRejects.delete(reject);
    if (isResponse) respondedAt = performance.now();
  };

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (isSilent) return reject(new ServerSilent('the database server is not responding'));
        if (waitingRejects.size === 0) respondedAt = performance.now();
        waitingRejects.add(reject);
        if (!isWatching) {
          isWatching = true;
          void watch();
        }
        work().then(
          (result) => {
            endWait(reject, true);
            resolve(result);
          },
          (error: Error & { sqlState?: unknown }) => {
            endWait(reject, typeof error.sqlState === 'string');
            reject(error);
          },
        );
      }),
    stop: () => (isStopped = true),
  };
}

/**
 * @returns whether the server greets a new connection. That connection is closed properly, so the server doesn't count it as
 * failed
 */
function isResponding(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = mysql.createConnection(connectionOptions(url));
    let turnsLeft = GREETING_TIMEOUT_MS / GREETING_TURN_MS;
    const turns = setInterval(() => {
      // Timers run before sockets are read, so a greeting may already be waiting.
      if (--turnsLeft === 0) setImmediate(giveUp);
    }, GREETING_TURN_MS);
    const end = (isResponding: boolean) => {
      clearInterval(turns);
      resolve(isResponding);
    };
    const giveUp = () => {
      end(false);
      connection.destroy();
    };
    // The driver's types omit the socket.
    (connection as unknown as { stream: Socket }).stream.once('data', () => end(true));
    connection.on('error', () => end(false));
    connection.connect((error) => {
      if (error) end(typeof (error as { sqlState?: unknown }).sqlState === 'string');
      else connection.end();
    });
  });
}
