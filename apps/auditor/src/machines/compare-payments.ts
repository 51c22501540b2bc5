import { machineOfPayee, payeeReferenceOf, readAmount, type JournalEntry } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { addBroken, type Findings } from '../check-result';
import { readPage, type Page } from '../databases/read-page';
import type { Schemas } from '../schemas';

interface PaymentRow {
  id: string;
  state: string;
  /** In cents. */
  amount: string;
  currency: string;
  payer: string | null;
  payee: string | null;
}

/** The source of the payments. A statement sees everything that was committed before it. */
export interface Ledger {
  db: Pick<Queryable, 'rows'>;
  schemas: Schemas;
}

/** The currency that machines pay out and charge. */
const CURRENCY = 'USD';

/**
 * Checks withdrawals that have ended against their payments.
 * @param ended entries of one machine, read before the payments: a payment is charged before its withdrawal is dispensed, and
 *   its cancellation is confirmed after it is cancelled
 */
export async function compareEnded(
  { db, schemas: { wallet } }: Ledger,
  machineId: string,
  ended: readonly JournalEntry[],
  { dispensed, putBack }: Record<'dispensed' | 'putBack', Findings>,
): Promise<void> {
  if (ended.length === 0) return;
  const rows = await db.rows<PaymentRow>(
    `SELECT payment_id AS id, state, CAST(amount AS CHAR) AS amount, currency, payer_account_id AS payer,
            payee_reference AS payee
       FROM ${wallet}.payment WHERE payment_id IN (?)`,
    [ended.map(({ id }) => id)],
  );
  const payments = new Map(rows.map((row) => [row.id, row]));
  for (const entry of ended) {
    const payment = payments.get(entry.id);
    const isDispensed = entry.status === 'dispensed';
    const findings = isDispensed ? dispensed : putBack;
    findings.rows += 1;
    if (isDispensed ? isPaid(payment, machineId, entry) : payment?.state !== 'charged') continue;
    const { sequence, amount, accountId } = entry;
    const { state, amount: paid, currency, payer, payee } = payment ?? { state: null };
    const withdrawal = { machine: machineId, sequence, withdrawn: String(readAmount(amount)), account: accountId };
    addBroken(findings, { id: entry.id, ...withdrawal, state, paid, currency, payer, payee });
  }
}

const isPaid = (payment: PaymentRow | undefined, machineId: string, { amount, accountId }: JournalEntry) =>
  payment?.state === 'charged' &&
  payment.amount === String(readAmount(amount)) &&
  payment.currency === CURRENCY &&
  payment.payer === accountId &&
  payment.payee === payeeReferenceOf(machineId);

/** Walks all payments; only those to machines are checked. */
const PAYMENT_WALK = { schema: 'wallet', table: 'payment', key: 'payment_id' } as const;

/**
 * Finds charges for machines that belong to none of their withdrawals.
 * @param isWithdrawal whether a machine has a withdrawal with this id by now; a withdrawal is opened before it is charged
 */
export async function findUnmatchedCharges(
  { db, schemas }: Ledger,
  isWithdrawal: (machineId: string, id: string) => Promise<boolean>,
  findings: Findings,
  onPage: (rows: number) => void,
): Promise<void> {
  let page = await readPage(db, PAYMENT_WALK, schemas);
  while (page) {
    for (const { id, amount, payer, payee } of await readCharges({ db, schemas }, page.bounds)) {
      const machine = machineOfPayee(payee ?? '');
      if (machine === undefined || (await isWithdrawal(machine, id))) continue;
      addBroken(findings, { id, machine, paid: amount, payer });
    }
    findings.rows += page.rows;
    onPage(findings.rows);
    page = page.isLast ? undefined : await readPage(db, PAYMENT_WALK, schemas, page);
  }
}

/** A customer's reference may look like that of a machine, but only accounts that the wallet opens by itself are merchants. */
function readCharges({ db, schemas: { wallet } }: Ledger, { first, last }: Page['bounds']): Promise<PaymentRow[]> {
  return db.rows<PaymentRow>(
    `SELECT y.payment_id AS id, y.state, CAST(y.amount AS CHAR) AS amount, y.currency, y.payer_account_id AS payer,
            y.payee_reference AS payee
       FROM ${wallet}.payment y
       JOIN ${wallet}.wallet w ON w.id = y.payee_wallet_id
       JOIN ${wallet}.account a ON a.id = w.account_id AND a.role = 'merchant'
      WHERE y.payment_id BETWEEN ? AND ? AND y.state = 'charged' AND y.payee_reference LIKE ?`,
    [first, last, payeeReferenceOf('%')],
  );
}
