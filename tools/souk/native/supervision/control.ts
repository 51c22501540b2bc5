import { existsSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Failure, messageOf } from '../../console/failure';
import type { Home } from '../../machine/paths';
import type { SystemStatus } from '../../runtime';

/**
 * The socket is always addressed relative to its folder, which is the working folder: a socket's path is limited to 107 bytes,
 * and clones can be deeper than that.
 */
const SOCKET = 'control.sock';
const REQUEST_SIZE_MAX_BYTES = 64 * 1024;

export type ControlRequest =
  /** names: of processes; default: all */
  | { command: 'status'; names?: readonly string[] }
  | { command: 'apply'; withApps: boolean }
  | { command: 'scale'; name: string; count: number }
  | { command: 'restart'; names: readonly string[] }
  /** isDataDoomed: engines needn't shut down cleanly, because their data will be removed */
  | { command: 'stop'; isDataDoomed: boolean };

/** The supervised processes, and the version of the supervisor's own code. */
export interface SupervisorStatus extends SystemStatus {
  codeVersion: string;
  withApps: boolean;
}

/**
 * Answers control requests: one JSON line in, one out, then the connection is closed.
 * @param runFolder must be the working folder of this process
 */
export function serveControl(
  runFolder: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<{ close(): void }> {
  const respond = async (text: string) => {
    try {
      return { result: await handle(JSON.parse(text) as ControlRequest) };
    } catch (error) {
      return { error: messageOf(error) };
    }
  };
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.length > REQUEST_SIZE_MAX_BYTES) socket.destroy();
      if (text.endsWith('\n')) void respond(text).then((content) => socket.end(`${JSON.stringify(content)}\n`));
    });
  });
  rmSync(join(runFolder, SOCKET), { force: true });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(SOCKET, () => resolve({ close: () => void server.close() }));
  });
}

/**
 * Sends a request to the supervisor of a home.
 * @returns undefined if no supervisor is running
 * @throws Failure if it refuses the request
 */
export async function askSupervisor<T>(home: Home, request: ControlRequest): Promise<T | undefined> {
  const text = await exchange(home.run, `${JSON.stringify(request)}\n`);
  if (text === undefined) return undefined;
  if (!text.endsWith('\n')) throw new Failure('The supervisor closed the connection without responding; see its log.');
  const { result, error } = JSON.parse(text) as { result: T; error?: string };
  if (error) throw new Failure(error);
  return result;
}

function exchange(runFolder: string, request: string): Promise<string | undefined> {
  if (!existsSync(join(runFolder, SOCKET))) return Promise.resolve(undefined);
  const workingFolder = process.cwd();
  process.chdir(runFolder);
  // The address is resolved in this call, so the folder may be changed back at once.
  const socket = connect(SOCKET);
  process.chdir(workingFolder);
  return new Promise((resolve) => {
    let response = '';
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => (response += chunk.toString()));
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(response));
  });
}
