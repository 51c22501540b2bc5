import { createDatabase, migrate, type Database } from '@souk/database';
import { OUTBOX_TABLE } from '@souk/messaging';
import type { TestDatabase } from '@souk/testing';
import type { AccountEvent } from '../../src/consumer';
import { createFraudDetection } from '../../src/fraud/fraud-detection';
import type { ActiveRule } from '../../src/fraud/rule';
import { RULES } from '../../src/fraud/rules';
import { fraudDetection as migration } from '../../src/migrations/0002-fraud-detection';
import { active } from './test-events';

/** Limits so low that a handful of events raises alerts. */
const TIGHT: Record<string, Record<string, unknown>> = {
  velocity: { count_max: 3 },
  'unusual-amount': { history: 3, times: 2, amount_min: '1.00' },
  'repeated-refusals': { count_max: 2 },
  'pass-through': { share_percent: 50, amount_min: '1.00', incoming_max: 5, within_seconds: 60 },
  structuring: { limit: '3.00', below_percent: 50, count_min: 2, total_max: '3.00', within_seconds: 60 },
};
export const TIGHT_RULES: readonly ActiveRule[] = RULES.map((rule) => active(rule, TIGHT[rule.name]));

export interface TestFraudDetection {
  db: Database;
  /** Applies one batch in a transaction, as `applyEvents` does. @returns the number of messages that it wrote */
  apply(events: readonly AccountEvent[], generation?: number): Promise<number>;
  /** Applies one batch in a transaction that is rolled back. Always rejects. */
  applyAndRollBack(events: readonly AccountEvent[]): Promise<never>;
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts fraud detection on a schema that has only its tables and the outbox. */
export async function startTestFraudDetection(
  { url }: Pick<TestDatabase, 'url'>,
  rules: readonly ActiveRule[] = TIGHT_RULES,
): Promise<TestFraudDetection> {
  await migrate(url, [{ name: '0001-delivery', statements: [OUTBOX_TABLE] }, migration]);
  const db = createDatabase({ url, poolSize: 4, acquireTimeoutMs: 5_000, statementTimeoutMs: 20_000 });
  const consumer = createFraudDetection({ rules });
  return {
    db,
    apply: async (events, generation = 0) =>
      (await db.transaction((tx) => consumer.apply(tx, events, generation))).length,
    applyAndRollBack: (events) =>
      db.transaction(async (tx) => {
        await consumer.apply(tx, events, 0);
        throw new Error('rolled back');
      }),
    forget: () => db.transaction((tx) => consumer.forget(tx)),
    stop: () => db.close(),
  };
}
