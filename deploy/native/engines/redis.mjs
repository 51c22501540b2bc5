// @ts-check
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../console/failure.mjs';
import { findExecutable } from '../../machine/find-executable.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { writeFileAtomically } from '../../machine/write-file.mjs';
import { baseEnvironment, withVersion } from '../supervision/process-spec.mjs';
import { engineFolder, engineOwner, makeEngineFolder } from './data-folder.mjs';

const SERVER = ['redis-server', 'valkey-server'];
const HOST = '127.0.0.1';

export function isRedisInstalled() {
  return findExecutable(...SERVER) !== undefined;
}

/**
 * A private Redis or Valkey server that writes to disk before it answers.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @returns {import('../supervision/process-spec.mjs').ProcessSpec}
 */
export function redisSpec(home, settings) {
  const owner = engineOwner('redis');
  const folder = engineFolder(home, 'redis');
  const port = settings.ports.redis;
  const file = join(folder, 'redis.conf');
  const committed = readFileSync(join(ROOT, 'deploy/redis/redis.conf'), 'utf8');
  const configuration = [
    committed
      .trimEnd()
      .replace('${REDIS_PASSWORD}', () => quote(settings.passwords.redis))
      .replace('${AUDITOR_REDIS_PASSWORD}', () => quote(settings.passwords.auditorRedis)),
    `bind ${HOST}`,
    `port ${port}`,
    `dir ${quote(folder)}`,
    'daemonize no',
    '',
  ].join('\n');
  return withVersion(
    {
      name: 'redis',
      kind: 'engine',
      command: findExecutable(...SERVER) ?? 'redis-server',
      args: [file],
      env: baseEnvironment(),
      cwd: '/',
      ...(owner ? { owner } : {}),
      listens: [{ host: HOST, port, use: 'Redis' }],
      async prepare() {
        makeEngineFolder(home, 'redis', owner);
        writeFileAtomically(file, configuration, { mode: 0o600, ...(owner ? { owner } : {}) });
      },
      async checkHealth() {
        try {
          const answer = await askRedis(settings, ['PING']);
          const isAlive = answer.includes('+PONG');
          return { isHealthy: isAlive, detail: isAlive ? '' : answer.join(' ') };
        } catch (error) {
          return { isHealthy: false, detail: messageOf(error) };
        }
      },
    },
    configuration,
  );
}

/** @param {string} value */
function quote(value) {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * Sends one command and returns its raw answer as lines. QUIT ends the connection, so the answer is complete when the server
 * closes it.
 *
 * @param {import('../../settings/settings.mjs').Settings} settings
 * @param {string[]} command
 * @returns {Promise<string[]>}
 */
export function askRedis(settings, command) {
  const commands = [['AUTH', settings.passwords.redis], command, ['QUIT']];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: HOST, port: settings.ports.redis });
    socket.setTimeout(3000, () => socket.destroy(new Error('no answer')));
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.split('\r\n')));
  });
}

/** @param {string[]} command */
function encode(command) {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}
