import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../console/failure';
import { findExecutable } from '../../machine/find-executable';
import { ROOT, type Home } from '../../machine/paths';
import { writeFileAtomically } from '../../machine/write-file';
import { LOOPBACK } from '../../settings/addresses';
import type { Settings } from '../../settings/settings';
import { baseEnvironment, withVersion, type Health, type ProcessSpec } from '../supervision/process-spec';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder';

const SERVER = ['redis-server', 'valkey-server'];

export function isRedisInstalled(): boolean {
  return findExecutable(...SERVER) !== undefined;
}

/** A private Redis or Valkey server that writes to disk before it replies. */
export function redisSpec(home: Home, settings: Settings): ProcessSpec {
  return serverSpec(home, settings, { name: 'redis', port: settings.ports.redis, file: 'redis.conf' });
}

/** A private Redis or Valkey server for the rate limits, without persistence. */
export function limitsRedisSpec(home: Home, settings: Settings): ProcessSpec {
  return serverSpec(home, settings, { name: 'limits-redis', port: settings.ports.limitsRedis, file: 'limits.conf' });
}

function serverSpec(
  home: Home,
  settings: Settings,
  { name, port, file: committedFile }: { name: string; port: number; file: string },
): ProcessSpec {
  const owner = engineOwner('redis');
  const folder = engineFolder(home, name);
  const file = join(folder, 'redis.conf');
  const committed = readFileSync(join(ROOT, 'deploy/redis', committedFile), 'utf8');
  const configuration = [
    committed
      .trimEnd()
      .replace(/\$\{(\w+_PASSWORD)\}/g, (_, variable: string) => quote(settings.values[variable] ?? '')),
    `bind ${LOOPBACK}`,
    `port ${port}`,
    `dir ${quote(folder)}`,
    'daemonize no',
    '',
  ].join('\n');
  return withVersion(
    {
      name,
      kind: 'engine',
      command: findExecutable(...SERVER) ?? 'redis-server',
      args: [file],
      env: baseEnvironment(),
      cwd: '/',
      owner,
      listens: [{ host: LOOPBACK, port, use: 'Redis' }],
      prepare() {
        makeEngineFolder(home, name, owner);
        writeFileAtomically(file, configuration, { mode: 0o600, owner });
      },
      checkHealth: () => checkHealth(settings, port),
    },
    configuration,
  );
}

async function checkHealth(settings: Settings, port: number): Promise<Health> {
  try {
    const reply = await queryRedis(settings, port, ['PING']);
    const isAlive = reply.includes('+PONG');
    return { isHealthy: isAlive, detail: isAlive ? '' : reply.join(' ') };
  } catch (error) {
    return { isHealthy: false, detail: messageOf(error) };
  }
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

export async function readRedisSetting(settings: Settings, name: string): Promise<string | undefined> {
  const reply = await queryRedis(settings, settings.ports.redis, ['CONFIG', 'GET', name]);
  return reply[reply.indexOf(name) + 2];
}

/**
 * Sends one command and returns its raw reply as lines. QUIT ends the connection, so the reply is complete when the server closes
 * it.
 */
function queryRedis({ passwords }: Settings, port: number, command: string[]): Promise<string[]> {
  const commands = [['AUTH', passwords.redis], command, ['QUIT']];
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect({ host: LOOPBACK, port });
    socket.setTimeout(3000, () => socket.destroy(new Error('no reply')));
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('data', (chunk: Buffer) => (reply += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(reply.split('\r\n')));
  });
}

function encode(command: string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}
