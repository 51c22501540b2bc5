import { createDatabase } from '@souk/database';
import type { CheckResult, DataPromise } from './check-result';
import type { Config } from './config';
import { auditDatabases } from './databases/audit-databases';
import { CHECKS } from './databases/checks';
import { auditMachines } from './machines/audit-machines';
import { createMachineStore } from './machines/machine-store';
import { reportJson, resultText, summarize, summaryText } from './report';
import type { Schemas } from './schemas';

/** The schemas of a running system. */
const LIVE_SCHEMAS: Schemas = { cart: 'cart', inventory: 'inventory', wallet: 'wallet', monitoring: 'monitoring' };
/** A statement reads one page; a page of wallets may have very many postings. */
const STATEMENT_TIMEOUT_MS = 600_000;
const PROGRESS_INTERVAL_MS = 5_000;

interface Output {
  /** Prints a line of the report. */
  print(text: string): void;
  /** Prints the progress of a long step. */
  printProgress(text: string): void;
}

/**
 * Creates every adapter once, runs all checks and reports.
 * @returns true if nothing is broken
 * @throws the errors of `auditDatabases` and `auditMachines`
 */
export async function runAudit(
  config: Config,
  { print, printProgress }: Output,
  {
    isJson = false,
    schemas = LIVE_SCHEMAS,
    keyPrefix = '',
  }: { isJson?: boolean; schemas?: Schemas; keyPrefix?: string } = {},
): Promise<boolean> {
  const db = createDatabase({
    url: config.AUDIT_DATABASE_URL,
    poolSize: 1,
    acquireTimeoutMs: 10_000,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const url = config.AUDIT_REDIS_URL;
  const store = url ? createMachineStore({ url, keyPrefix }) : undefined;
  const startedAt = performance.now();
  let step = 'connecting to the databases';
  const progress = setInterval(() => printProgress(`… ${step}`), PROGRESS_INTERVAL_MS);
  const callbacks = {
    onProgress: ({ promise }: DataPromise, rows: number) =>
      void (step = `${promise}: ${rows.toLocaleString('en-US')} rows so far`),
    onWait: () => void (step = 'waiting for work in flight to settle before checking again'),
    onResult: (result: CheckResult) => {
      if (!isJson) print(resultText(result));
    },
  };
  try {
    const databaseResults = await auditDatabases({
      ...callbacks,
      db,
      checks: CHECKS,
      schemas,
      graceMs: config.AUDIT_GRACE_MS,
      paysByWallet: config.PAYMENT_PROVIDER === 'wallet',
    });
    const results = [...databaseResults, ...(await auditMachines({ ...callbacks, db, schemas, store }))];
    const durationMs = performance.now() - startedAt;
    print(isJson ? reportJson(results, durationMs) : summaryText(results, durationMs));
    return summarize(results).broken === 0;
  } finally {
    clearInterval(progress);
    await store?.close();
    await db.close();
  }
}
