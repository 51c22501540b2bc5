import { isUnknownColumn, type Database } from '@souk/database';
import { setTimeout as delay } from 'node:timers/promises';
import { REPORTED_ROWS_MAX, resultOf, type CheckResult, type Findings } from '../check-result';
import { findSchemas, type SchemaName, type Schemas, type Snapshot } from '../schemas';
import { isSettling, type Check } from './check';
import { recheckRows, runCheck } from './run-check';

/** Maximum number of suspects per check that are checked again. */
const SUSPECTS_MAX = 10_000;

export interface DatabaseAuditDeps {
  db: Pick<Database, 'snapshot'>;
  checks: readonly Check[];
  schemas: Schemas;
  /** How long in-flight work has to settle before suspects are checked again. */
  graceMs: number;
  paysByWallet: boolean;
  onProgress?(check: Check, rows: number): void;
  /** Called before the wait for in-flight work. */
  onWait?(): void;
  /** Called for each check once its outcome is certain. */
  onResult?(result: CheckResult<Check>): void;
}

/** A check whose broken rows may be work in flight. */
interface Suspicion {
  check: Check;
  suspects: Findings;
  durationMs: number;
}

/**
 * Runs the checks on one snapshot of all schemas. Differences between schemas are checked again on a later snapshot, and
 * reported only if they persist.
 * @returns one result per check; checks that had to be repeated come last
 * @throws AppError `unavailable` or `timeout` if the database doesn't respond; the database's own error if it refuses a statement,
 * except that a check is skipped if a column doesn't exist
 */
export async function auditDatabases(deps: DatabaseAuditDeps): Promise<CheckResult<Check>[]> {
  const results: CheckResult<Check>[] = [];
  const addResult = (result: CheckResult<Check>) => {
    results.push(result);
    deps.onResult?.(result);
  };
  const suspicions = await deps.db.snapshot(async (snapshot) => {
    await prepare(snapshot);
    const presentSchemas = await findSchemas(snapshot, deps.schemas);
    const suspicious: Suspicion[] = [];
    for (const check of deps.checks) {
      const reason = reasonToSkip(check, presentSchemas, deps.paysByWallet);
      const run = reason ? { reason } : await runOnce(deps, snapshot, check);
      if ('reason' in run) {
        addResult({ check, outcome: 'skipped', reason: run.reason });
        continue;
      }
      const { findings, durationMs } = run;
      if (findings.brokenCount > 0 && isSettling(check)) suspicious.push({ check, suspects: findings, durationMs });
      else addResult(resultOf(check, findings, durationMs));
    }
    return suspicious;
  });
  if (suspicions.length === 0) return results;

  deps.onWait?.();
  await delay(deps.graceMs);
  await deps.db.snapshot(async (snapshot) => {
    await prepare(snapshot);
    for (const suspicion of suspicions) addResult(await recheck(deps, snapshot, suspicion));
  });
  return results;
}

/** Lists of items and entries are compared as text, which MySQL truncates to 1,024 bytes by default. */
async function prepare(snapshot: Snapshot): Promise<void> {
  await snapshot.rows('SET SESSION group_concat_max_len = 1048576');
}

function reasonToSkip(
  check: Check,
  presentSchemas: ReadonlySet<SchemaName>,
  paysByWallet: boolean,
): string | undefined {
  const missing = check.reads.filter((schema) => !presentSchemas.has(schema));
  if (missing.length > 0) return `there is no ${missing.join(' and no ')} schema`;
  if (check.needsWalletPayments && !paysByWallet) return 'payments are simulated, so they are not in the wallet';
  return undefined;
}

/** @returns the reason to skip the check if a schema lacks a column that the check reads */
async function runOnce(
  deps: DatabaseAuditDeps,
  snapshot: Snapshot,
  check: Check,
): Promise<{ findings: Findings; durationMs: number } | { reason: string }> {
  const startedAt = performance.now();
  deps.onProgress?.(check, 0);
  try {
    const findings = await runCheck(snapshot, check, deps.schemas, {
      keptMax: isSettling(check) ? SUSPECTS_MAX : REPORTED_ROWS_MAX,
      onPage: (rows) => deps.onProgress?.(check, rows),
    });
    return { findings, durationMs: performance.now() - startedAt };
  } catch (error) {
    if (!isUnknownColumn(error)) throw error;
    const schema = check.reads.join(' or the ');
    return { reason: `the ${schema} schema has not been migrated to this release yet: ${(error as Error).message}` };
  }
}

async function recheck(
  deps: DatabaseAuditDeps,
  snapshot: Snapshot,
  { check, suspects, ...first }: Suspicion,
): Promise<CheckResult<Check>> {
  const startedAt = performance.now();
  deps.onProgress?.(check, suspects.rows);
  const keys = [...new Set(suspects.broken.map(({ id }) => id))];
  const broken = await recheckRows(snapshot, check, deps.schemas, keys);
  // Suspects beyond those kept can't be checked again, but there are too many of them to be in flight.
  const uncheckedCount = suspects.brokenCount - suspects.broken.length;
  const findings = { rows: suspects.rows, brokenCount: broken.length + uncheckedCount, broken };
  return resultOf(check, findings, first.durationMs + performance.now() - startedAt);
}
