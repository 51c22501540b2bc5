import type { Database } from '@souk/database';
import { setTimeout as delay } from 'node:timers/promises';
import { isSettling, type BrokenRow, type Check, type Promised, type SchemaName, type Schemas } from './check';
import { findSchemas } from './find-schemas';
import { lookAgain, walk, type Snapshot } from './run-check';

/** Suspects per check that are checked again. */
const SUSPECTS_MAX = 10_000;
/** Broken rows per check that are reported. */
const TOLD_MAX = 20;

export interface AuditDeps {
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
  onResult?(result: CheckResult): void;
}

interface Looked<C = Check> {
  check: C;
  rows: number;
  durationMs: number;
}

/** The outcome of a check. */
export type CheckResult<C extends Promised = Check> =
  | (Looked<C> & { outcome: 'ok' })
  /** `broken` holds the first of at least `brokenCount` rows. */
  | (Looked<C> & { outcome: 'broken'; brokenCount: number; broken: BrokenRow[] })
  | { check: C; outcome: 'skipped'; reason: string };

interface Suspicion extends Looked {
  suspects: BrokenRow[];
  suspectCount: number;
}

/**
 * Runs the checks on one snapshot of all schemas. Differences between schemas are checked again on a later snapshot, and
 * reported only if they persist.
 * @returns one result per check; checks that had to be repeated come last
 * @throws AppError `unavailable` or `timeout` if the database doesn't answer; its own error if it refuses a statement
 */
export async function audit(deps: AuditDeps): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const settle = (result: CheckResult) => {
    results.push(result);
    deps.onResult?.(result);
  };
  const suspicions = await deps.db.snapshot(async (snapshot) => {
    await prepare(snapshot);
    const present = await findSchemas(snapshot, deps.schemas);
    const suspicious: Suspicion[] = [];
    for (const check of deps.checks) {
      const reason = reasonToSkip(check, present, deps.paysByWallet);
      if (reason) {
        settle({ check, outcome: 'skipped', reason });
        continue;
      }
      const found = await runOnce(deps, snapshot, check);
      if (found.suspectCount > 0 && isSettling(check)) suspicious.push(found);
      else settle(resultOf(found, found.suspects, found.suspectCount));
    }
    return suspicious;
  });
  if (suspicions.length === 0) return results;

  deps.onWait?.();
  await delay(deps.graceMs);
  await deps.db.snapshot(async (snapshot) => {
    await prepare(snapshot);
    for (const found of suspicions) settle(await confirm(deps, snapshot, found));
  });
  return results;
}

/** Lists of items and entries are compared as text, which MySQL truncates to 1,024 bytes by default. */
async function prepare(snapshot: Snapshot): Promise<void> {
  await snapshot.rows('SET SESSION group_concat_max_len = 1048576');
}

function reasonToSkip(check: Check, present: ReadonlySet<SchemaName>, paysByWallet: boolean): string | undefined {
  const missing = check.reads.filter((schema) => !present.has(schema));
  if (missing.length > 0) return `there is no ${missing.join(' and no ')} schema`;
  if (check.needsWalletPayments && !paysByWallet) return 'payments are simulated, so the wallet does not know them';
  return undefined;
}

async function runOnce(deps: AuditDeps, snapshot: Snapshot, check: Check): Promise<Suspicion> {
  const startedAt = performance.now();
  deps.onProgress?.(check, 0);
  const { rows, broken, brokenCount } = await walk(snapshot, check, deps.schemas, {
    keptMax: isSettling(check) ? SUSPECTS_MAX : TOLD_MAX,
    onPage: (looked) => deps.onProgress?.(check, looked),
  });
  const durationMs = performance.now() - startedAt;
  return { check, rows, durationMs, suspects: broken, suspectCount: brokenCount };
}

async function confirm(deps: AuditDeps, snapshot: Snapshot, found: Suspicion): Promise<CheckResult> {
  const startedAt = performance.now();
  deps.onProgress?.(found.check, found.rows);
  const keys = [...new Set(found.suspects.map(({ id }) => id))];
  const persisting = await lookAgain(snapshot, found.check, deps.schemas, keys);
  // Suspects beyond those kept can't be checked again, but there are too many of them to be in flight.
  const unkept = found.suspectCount - found.suspects.length;
  const durationMs = found.durationMs + performance.now() - startedAt;
  return resultOf({ ...found, durationMs }, persisting, persisting.length + unkept);
}

function resultOf({ check, rows, durationMs }: Looked, broken: BrokenRow[], brokenCount: number): CheckResult {
  const looked = { check, rows, durationMs: Math.round(durationMs) };
  if (brokenCount === 0) return { ...looked, outcome: 'ok' };
  return { ...looked, outcome: 'broken', brokenCount, broken: broken.slice(0, TOLD_MAX) };
}
