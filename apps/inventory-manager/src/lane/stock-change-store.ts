import type { Queryable, Transaction } from '@souk/database';
import type { Changes, StoredStockAnswer, Product, StockOutcome } from './inventory-state';

interface AnswerRow {
  change_id: string;
  fingerprint: string;
  answer: string;
  age_ms: number | string;
}

/** Reads the answers to stock changes. Consistent only under the locks of their products. */
export async function readStockAnswers(
  tx: Queryable,
  changeIds: readonly string[],
): Promise<Map<string, StoredStockAnswer>> {
  if (changeIds.length === 0) return new Map();
  const rows = await tx.rows<AnswerRow>(
    `SELECT change_id, fingerprint, answer, TIMESTAMPDIFF(MICROSECOND, created_at, NOW(3)) / 1000 AS age_ms
       FROM stock_change_answer WHERE change_id IN (?)`,
    [changeIds],
  );
  return new Map(
    rows.map(({ change_id, fingerprint, answer, age_ms }) => [
      change_id,
      { fingerprint, outcome: parseOutcome(answer), ageMs: Number(age_ms) },
    ]),
  );
}

/** Records stock changes in order. */
export function insertStockChanges(tx: Transaction, changes: Changes['stockChanges']): void {
  if (changes.length === 0) return;
  tx.defer('INSERT INTO stock_change (product_id, quantity_from, quantity_to, reason, actor) VALUES ?', [
    changes.map(({ productId, from, to, reason, actor }) => [productId, from, to, reason, actor]),
  ]);
}

/** The transaction fails with a duplicate-key error (`isDuplicateKey`) if another replica was first to use an id. */
export function insertStockAnswers(tx: Transaction, answers: Changes['stockAnswers']): void {
  if (answers.length === 0) return;
  tx.defer('INSERT INTO stock_change_answer (change_id, fingerprint, answer) VALUES ?', [
    answers.map(({ changeId, fingerprint, outcome }) => [changeId, fingerprint, formatOutcome(outcome)]),
  ]);
}

const formatOutcome = (outcome: StockOutcome) =>
  JSON.stringify(outcome, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

function parseOutcome(text: string): StockOutcome {
  const outcome = JSON.parse(text) as
    | Exclude<StockOutcome, { state: 'changed' }>
    | { state: 'changed'; product: Omit<Product, 'unitPrice'> & { unitPrice: string } };
  if (outcome.state !== 'changed') return outcome;
  return { ...outcome, product: { ...outcome.product, unitPrice: BigInt(outcome.product.unitPrice) } };
}
