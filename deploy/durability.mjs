// @ts-check
import { Failure } from './console/failure.mjs';

const RABBITMQ_OLDEST = [3, 10];

/**
 * How each engine is asked.
 *
 * @typedef {object} EnginesAsked
 * @property {(sql: string) => Promise<{ code: number, stdout: string, stderr: string }>} mysql rows as lines, columns between tabs
 * @property {(path: string) => Promise<unknown>} rabbitmq the body that the management API answers
 * @property {(name: string) => Promise<string | undefined>} redis the value of a setting
 */

/**
 * Asks each engine whether it really runs as the promises need it: a setting that a system overrides would otherwise
 * show only when data is lost.
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

/** @param {EnginesAsked} engines */
async function rabbitmqFaults({ rabbitmq }) {
  const overview = /** @type {{ rabbitmq_version?: string } | undefined} */ (await rabbitmq('/api/overview'));
  const version = overview?.rabbitmq_version ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = RABBITMQ_OLDEST;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld ? [`RabbitMQ is ${version}; at-least-once dead letters need ${RABBITMQ_OLDEST.join('.')} or newer`] : [];
}

/** @param {string} engine @param {string} name @param {string | undefined} found @param {string} wanted */
function differences(engine, name, found, wanted) {
  return found === wanted ? [] : [`${engine}: ${name} is ${found ?? 'unknown'}, must be ${wanted}`];
}
