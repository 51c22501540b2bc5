import { createDatabase } from '@souk/database';
import { audit, type CheckResult } from './audit';
import type { Promised, Schemas } from './check';
import { CHECKS } from './checks';
import type { Config } from './config';
import { auditMachines } from './machines/audit-machines';
import { createMachineStore } from './machines/machine-store';
import { reportJson, resultText, summarize, summaryText } from './report';

/** The schemas of a running system. */
const LIVE: Schemas = { cart: 'cart', inventory: 'inventory', wallet: 'wallet', monitoring: 'monitoring' };
/** A statement reads one page; a page of wallets may have very many postings. */
const STATEMENT_TIMEOUT_MS = 600_000;
const PROGRESS_INTERVAL_MS = 5_000;

export interface Output {
  /** The report, line by line. */
  print(text: string): void;
  /** Reports the progress of a long step. */
  tell(text: string): void;
}

/**
 * Creates every adapter once, runs all checks and reports.
 * @returns true if nothing is broken
 * @throws what `audit` throws
 */
export async function runAudit(
  config: Config,
  { print, tell }: Output,
  { isJson = false, schemas = LIVE, keyPrefix = '' }: { isJson?: boolean; schemas?: Schemas; keyPrefix?: string } = {},
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
  let underWay = 'asking the database';
  const progress = setInterval(() => tell(`… ${underWay}`), PROGRESS_INTERVAL_MS);
  try {
    const told = {
      onProgress: ({ promise }: Promised, rows: number) =>
        (underWay = `${promise}: ${rows.toLocaleString('en-US')} rows so far`),
      onResult: (result: CheckResult<Promised>) => {
        if (!isJson) print(resultText(result));
      },
    };
    const ofRows = await audit({
      ...told,
      db,
      checks: CHECKS,
      schemas,
      graceMs: config.AUDIT_GRACE_MS,
      paysByWallet: config.PAYMENT_PROVIDER === 'wallet',
      onWait: () => (underWay = 'waiting, to look again at what may have been in flight'),
    });
    const results = [...ofRows, ...(await auditMachines({ ...told, db, schemas, store }))];
    const durationMs = performance.now() - startedAt;
    print(isJson ? reportJson(results, durationMs) : summaryText(results, durationMs));
    return isSound(results);
  } finally {
    clearInterval(progress);
    await store?.close();
    await db.close();
  }
}

const isSound = (results: readonly CheckResult<Promised>[]) => summarize(results).broken === 0;
