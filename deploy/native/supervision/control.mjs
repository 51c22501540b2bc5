// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Failure, messageOf } from '../../console/failure.mjs';

/**
 * The socket is always addressed relative to its folder, which is the working folder: a socket's path is limited to 107 bytes,
 * and clones can be deeper than that.
 */
const SOCKET = 'control.sock';
const REQUEST_SIZE_MAX_BYTES = 64 * 1024;

/**
 * @typedef {{ command: 'status' | 'apply' | 'scale' | 'restart' | 'stop', name?: string, count?: number, withApps?: boolean, isDataDoomed?: boolean }} ControlRequest
 *
 * @typedef {object} ProcessStatus
 * @property {string} name
 * @property {'engine' | 'app'} kind
 * @property {number | undefined} pid
 * @property {number} port
 * @property {import('./supervised-process.mjs').ProcessState} state
 * @property {boolean} isHealthy
 * @property {string} detail why it isn't healthy
 * @property {number} restarts
 * @property {string} lastEnd how it last ended, if ever
 *
 * @typedef {{ codeVersion: string, withApps: boolean, processes: ProcessStatus[] }} SystemStatus
 */

/**
 * Answers control requests: one JSON line in, one out, then the connection is closed.
 *
 * @param {string} runFolder must be the working folder of this process
 * @param {(request: ControlRequest) => Promise<unknown>} handle
 * @returns {Promise<{ close: () => void }>}
 */
export function serveControl(runFolder, handle) {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', async (chunk) => {
      text += chunk.toString();
      if (text.length > REQUEST_SIZE_MAX_BYTES) socket.destroy();
      if (!text.endsWith('\n')) return;
      const answer = await Promise.resolve()
        .then(() => handle(JSON.parse(text)))
        .then((result) => ({ result }))
        .catch((error) => ({ error: messageOf(error) }));
      socket.end(`${JSON.stringify(answer)}\n`);
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
 *
 * @template T
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {ControlRequest} request
 * @returns {Promise<T | undefined>} undefined if no supervisor runs
 * @throws {Failure} if it refuses
 */
export async function askSupervisor(home, request) {
  const text = await exchange(home.run, `${JSON.stringify(request)}\n`);
  if (text === undefined) return undefined;
  if (!text.endsWith('\n')) throw new Failure('The supervisor broke off; see its log.');
  const { result, error } = JSON.parse(text);
  if (error) throw new Failure(error);
  return result;
}

/** @param {string} runFolder @param {string} request @returns {Promise<string | undefined>} */
function exchange(runFolder, request) {
  if (!existsSync(join(runFolder, SOCKET))) return Promise.resolve(undefined);
  const workingFolder = process.cwd();
  process.chdir(runFolder);
  // The address is resolved in this call, so the folder may be changed back at once.
  const socket = connect(SOCKET);
  process.chdir(workingFolder);
  return new Promise((resolve) => {
    let answer = '';
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(answer));
  });
}
