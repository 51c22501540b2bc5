// @ts-check
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Whether a port is free to listen on.
 *
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error) => resolve(!('code' in error && error.code === 'EADDRINUSE')));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The process that listens on a port, if this user may see it.
 *
 * @param {number} port
 * @returns {{ pid: number, command: string } | undefined}
 */
export function portHolder(port) {
  return holderFromProc(port) ?? holderFromLsof(port);
}

/** @param {number} port */
function holderFromProc(port) {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningSockets(file, port));
  if (sockets.length === 0) return undefined;
  const wanted = new Set(sockets.map((inode) => `socket:[${inode}]`));
  const pids = list('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((id) => list(`/proc/${id}/fd`).some((fd) => wanted.has(link(`/proc/${id}/fd/${fd}`))));
  return pid === undefined ? undefined : { pid: Number(pid), command: commandOf(pid) };
}

/**
 * The inodes of the listening sockets of one port in a file of /proc/net.
 *
 * @param {string} file
 * @param {number} port
 */
function listeningSockets(file, port) {
  const LISTEN = '0A';
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return read(file)
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      return local?.endsWith(`:${hex}`) && state === LISTEN && inode ? [inode] : [];
    });
}

/** @param {string} pid */
function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim().slice(0, 100);
}

/** @param {number} port */
function holderFromLsof(port) {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
  const match = /^p(\d+)\nc(.*)$/m.exec(stdout ?? '');
  return match?.[1] ? { pid: Number(match[1]), command: match[2] ?? '' } : undefined;
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} path */
function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
