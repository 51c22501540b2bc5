import { judgeVersion } from '@souk/service';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { ROOT } from '../machine/paths';
import { pause } from '../machine/wait';
import type { EngineQueries } from './engine-queries';

type PolicyDefinition = Record<string, string | number>;

interface Policy {
  pattern: string;
  definition: PolicyDefinition;
}

interface Queue {
  name: string;
  effective_policy_definition?: PolicyDefinition;
}

/** The broker reports a new policy with a delay. */
const POLICIES_MAX_MS = 15_000;
const POLL_MS = 500;

/**
 * Checks that each engine really runs as the promises require: a setting that the system overrides would otherwise be noticed
 * only when data is lost.
 * @throws Failure naming every difference
 */
export async function checkDurability(engines: EngineQueries): Promise<void> {
  const checks = [mysqlDifferences(engines), rabbitmqDifferences(engines), redisDifferences(engines)];
  const differences = (await Promise.all(checks)).flat();
  if (differences.length > 0)
    throw new Failure(['The engines do not run with the required settings:', ...differences].join('\n  - '));
}

async function mysqlDifferences({ mysql }: Pick<EngineQueries, 'mysql'>): Promise<string[]> {
  const names = ['innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog', 'tx_isolation', 'transaction_isolation'];
  const list = [...names, 'character_set_server', 'time_zone'].map((name) => `'${name}'`).join(', ');
  const { code, stdout, stderr } = await mysql(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${list})`);
  if (code !== 0) return [`MySQL does not respond: ${stderr.trim()}`];
  const lines = stdout.trim().split('\n');
  const actual = Object.fromEntries(lines.map((line) => line.split('\t'))) as Record<string, string | undefined>;
  const check = (name: string, required: string, value = actual[name]) => difference('MySQL', name, value, required);
  return [
    ...check('innodb_flush_log_at_trx_commit', '1'),
    ...(actual['log_bin'] === 'ON' ? check('sync_binlog', '1') : []),
    ...check('transaction_isolation', 'READ-COMMITTED', actual['transaction_isolation'] ?? actual['tx_isolation']),
    ...check('character_set_server', 'utf8mb4'),
    ...check('time_zone', '+00:00'),
  ];
}

async function redisDifferences({ redis }: Pick<EngineQueries, 'redis'>): Promise<string[]> {
  const required = { appendonly: 'yes', appendfsync: 'always' };
  const differences = Object.entries(required).map(async ([name, value]) =>
    difference('Redis', name, await redis(name), value),
  );
  return (await Promise.all(differences)).flat();
}

/** Checks the version, and the policies that limit queues and deliveries, because another policy may override them. */
export async function rabbitmqDifferences({ rabbitmq }: Pick<EngineQueries, 'rabbitmq'>): Promise<string[]> {
  const overview = (await rabbitmq('/api/overview')) as { rabbitmq_version?: string } | undefined;
  const { refusal } = judgeVersion('rabbitmq', overview?.rabbitmq_version ?? '');
  if (refusal) return [refusal];
  const policies = readPolicies();
  const deadline = Date.now() + POLICIES_MAX_MS;
  for (;;) {
    const queues = (await rabbitmq('/api/queues/%2F')) as Queue[] | undefined;
    const differences = Array.isArray(queues)
      ? queues.flatMap((queue) => policyDifferences(policies, queue))
      : ["RabbitMQ's queues can't be listed"];
    if (differences.length === 0 || Date.now() > deadline) return differences;
    await pause(POLL_MS);
  }
}

function readPolicies(): Policy[] {
  const definitions = readFileSync(join(ROOT, 'deploy/rabbitmq/definitions.json'), 'utf8');
  return (JSON.parse(definitions) as { policies: Policy[] }).policies;
}

function policyDifferences(policies: Policy[], { name, effective_policy_definition: actual = {} }: Queue): string[] {
  const required = policies.find(({ pattern }) => new RegExp(pattern).test(name))?.definition ?? {};
  return Object.entries(required).flatMap(([key, value]) =>
    actual[key] === value
      ? []
      : [`RabbitMQ: ${key} of the queue ${name} is ${actual[key] ?? 'not set'}, must be ${value}`],
  );
}

function difference(engine: string, name: string, actual: string | undefined, required: string): string[] {
  return actual === required ? [] : [`${engine}: ${name} is ${actual ?? 'unknown'}, must be ${required}`];
}
