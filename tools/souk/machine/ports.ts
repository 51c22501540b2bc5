import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** The state of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/** The process that listens on a port. */
export interface PortHolder {
  pid: number;
  command: string;
}

/** Whether a port is free to listen on. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error) => resolve(!('code' in error && error.code === 'EADDRINUSE')));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The process that listens on a port, if this user may see it. */
export function portHolder(port: number): PortHolder | undefined {
  return holderFromProc(port) ?? holderFromLsof(port);
}

function holderFromProc(port: number): PortHolder | undefined {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningSockets(file, port));
  if (sockets.length === 0) return undefined;
  const links = new Set(sockets.map((inode) => `socket:[${inode}]`));
  const pids = list('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((id) => list(`/proc/${id}/fd`).some((fd) => links.has(targetOf(`/proc/${id}/fd/${fd}`))));
  return pid === undefined ? undefined : { pid: Number(pid), command: commandOf(pid) };
}

/** The inodes of the listening sockets of one port in a file of /proc/net. */
function listeningSockets(file: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return read(file)
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      return local?.endsWith(`:${hex}`) && state === LISTENING && inode ? [inode] : [];
    });
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim().slice(0, 100);
}

function holderFromLsof(port: number): PortHolder | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
  const match = /^p(\d+)\nc(.*)$/m.exec(stdout ?? '');
  return match?.[1] ? { pid: Number(match[1]), command: match[2] ?? '' } : undefined;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
