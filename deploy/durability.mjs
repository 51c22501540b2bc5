// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './console/failure.mjs';
import { ROOT } from './machine/paths.mjs';
import { SUPPORTED_ENGINES } from './supported-engines.mjs';

/**
 * @typedef {{ pattern: string, definition: Record<string, unknown> }} Policy
 * @typedef {{ name: string, effective_policy_definition?: Record<string, unknown> }} Queue
 */

/** @type {{ policies: Policy[] }} */
const { policies } = JSON.parse(readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8'));
const { refusedBelow: OLDEST, reason } = SUPPORTED_ENGINES.rabbitmq;
/** The broker shows a new policy with a delay. */
const POLICIES_MAX_MS = 15_000;
const POLL_MS = 500;

/**
 * How to query each engine.
 *
 * @typedef {object} EnginesAsked
 * @property {(sql: string) => Promise<{ code: number, stdout: string, stderr: string }>} mysql rows as tab-separated lines
 * @property {(path: string) => Promise<unknown>} rabbitmq the body of the management API's answer
 * @property {(name: string) => Promise<string | undefined>} redis the value of a setting
 */

/**
 * Checks that each engine really runs as the promises require: a setting that the system overrides would otherwise be noticed
 * only when data is lost.
 *
 * @param {EnginesAsked} engines
 * @throws {Failure} naming every difference
 */
export async function checkDurability(engines) {
  const faults = (await Promise.all([mysqlFaults(engines), rabbitmqFaults(engines), redisFaults(engines)])).flat();
  if (faults.length > 0) throw new Failure(['The engines do not run as they must:', ...faults].join('\n  - '));
}

/** @param {EnginesAsked} engines */
async function mysqlFaults({ mysql }) {
  const names = ['innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog', 'tx_isolation', 'transaction_isolation'];
  const list = [...names, 'character_set_server', 'time_zone'].map((name) => `'${name}'`).join(', ');
  const { code, stdout, stderr } = await mysql(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${list})`);
  if (code !== 0) return [`MySQL can't be asked: ${stderr.trim()}`];
  const found = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t')),
  );
  const isolation = found.transaction_isolation ?? found.tx_isolation;
  return [
    ...differences('MySQL', 'innodb_flush_log_at_trx_commit', found.innodb_flush_log_at_trx_commit, '1'),
    ...(found.log_bin === 'ON' ? differences('MySQL', 'sync_binlog', found.sync_binlog, '1') : []),
    ...differences('MySQL', 'transaction_isolation', isolation, 'READ-COMMITTED'),
    ...differences('MySQL', 'character_set_server', found.character_set_server, 'utf8mb4'),
    ...differences('MySQL', 'time_zone', found.time_zone, '+00:00'),
  ];
}

/** @param {EnginesAsked} engines */
async function redisFaults({ redis }) {
  const wanted = { appendonly: 'yes', appendfsync: 'always' };
  const faults = Object.entries(wanted).map(async ([name, value]) =>
    differences('Redis', name, await redis(name), value),
  );
  return (await Promise.all(faults)).flat();
}

/**
 * Checks the policies that limit queues and deliveries, because another policy may override them.
 *
 * @param {Pick<EnginesAsked, 'rabbitmq'>} engines
 * @returns {Promise<string[]>}
 */
export async function rabbitmqFaults({ rabbitmq }) {
  const overview = /** @type {{ rabbitmq_version?: string } | undefined} */ (await rabbitmq('/api/overview'));
  const version = overview?.rabbitmq_version ?? 'unknown';
  if (isOlder(version, OLDEST)) return [`RabbitMQ is ${version}, must be ${OLDEST} or newer: ${reason}`];
  const giveUpAt = Date.now() + POLICIES_MAX_MS;
  for (;;) {
    const queues = /** @type {Queue[] | undefined} */ (await rabbitmq('/api/queues/%2F'));
    const faults = Array.isArray(queues) ? queues.flatMap(policyFaults) : ["RabbitMQ's queues can't be listed"];
    if (faults.length === 0 || Date.now() > giveUpAt) return faults;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {string} version @param {string} other */
function isOlder(version, other) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** @param {Queue} queue */
function policyFaults({ name, effective_policy_definition: found = {} }) {
  const wanted = policies.find(({ pattern }) => new RegExp(pattern).test(name))?.definition ?? {};
  return Object.entries(wanted).flatMap(([key, value]) =>
    found[key] === value
      ? []
      : [`RabbitMQ: ${key} of the queue ${name} is ${found[key] ?? 'not set'}, must be ${value}`],
  );
}

/** @param {string} engine @param {string} name @param {string | undefined} found @param {string} wanted */
function differences(engine, name, found, wanted) {
  return found === wanted ? [] : [`${engine}: ${name} is ${found ?? 'unknown'}, must be ${wanted}`];
}
