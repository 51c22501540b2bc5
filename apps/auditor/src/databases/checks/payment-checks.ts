import type { Schemas } from '../../schemas';
import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'payment', key: 'payment_id' } as const;

/** Payments in the given states, with what their charge or refund moved: `wallet -250, wallet 250`, the paying wallet first. */
const withMovement = ({ wallet }: Schemas, reference: 'charge_id' | 'refund_id', states: string) => `
  SELECT y.payment_id AS id, y.state, y.amount, y.payer_wallet_id, y.payee_wallet_id, y.${reference}, t.type, t.status,
         GROUP_CONCAT(p.wallet_id, ' ', p.amount ORDER BY p.amount SEPARATOR ', ') AS moved
    FROM ${wallet}.payment y
    LEFT JOIN ${wallet}.transaction t ON t.id = y.${reference}
    LEFT JOIN ${wallet}.posting p ON p.transaction_id = t.id
   WHERE y.payment_id BETWEEN :first AND :last AND y.state IN (${states})
   GROUP BY y.payment_id, y.state, y.amount, y.payer_wallet_id, y.payee_wallet_id, y.${reference}, t.type, t.status`;

interface Movement {
  name: string;
  promise: string;
  type: 'charge' | 'refund';
  /** The states of payments that have this movement. */
  states: string;
  from: 'payer' | 'payee';
  to: 'payer' | 'payee';
}

/** Checks that the transaction that a payment names moved its amount once. */
const movedOnce = ({ name, promise, type, states, from, to }: Movement): Check => ({
  name,
  promise,
  reads: ['wallet'],
  walks,
  broken: (schemas) => `
    SELECT id, state, amount, payer_wallet_id, payee_wallet_id, ${type}_id, type, status, moved
      FROM (${withMovement(schemas, `${type}_id`, states)}) moved_by
     WHERE NOT (type <=> '${type}' AND status <=> 'completed'
            AND moved <=> CONCAT(${from}_wallet_id, ' -', amount, ', ', ${to}_wallet_id, ' ', amount))`,
});

/** Promises about every payment: its state and what moved. */
export const paymentChecks: Check[] = [
  movedOnce({
    name: 'charged-once',
    promise: 'a charged payment moved its amount once, from the payer to the payee',
    ...{ type: 'charge', states: "'charged', 'refunded'", from: 'payer', to: 'payee' },
  }),
  movedOnce({
    name: 'refunded-once',
    promise: 'a refunded payment returned its amount once, from the payee to the payer',
    ...{ type: 'refund', states: "'refunded'", from: 'payee', to: 'payer' },
  }),
  {
    name: 'unpaid-moved-nothing',
    promise: 'a declined or cancelled payment moved no money, and only a refunded payment has a refund',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT y.payment_id AS id, y.state, y.charge_id, y.refund_id, t.type, t.status
        FROM ${wallet}.payment y
        LEFT JOIN ${wallet}.transaction t ON t.id = y.charge_id
       WHERE y.payment_id BETWEEN :first AND :last AND y.state <> 'refunded'
         AND (y.refund_id IS NOT NULL
           OR (y.state <> 'charged' AND y.charge_id IS NOT NULL AND NOT (t.type <=> 'charge' AND t.status <=> 'failed')))`,
  },
  {
    name: 'payment-names-its-wallets',
    promise: 'the wallets of a charged payment belong to the payer and the payee that it names',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT y.payment_id AS id, y.payer_reference, y.payer_account_id, y.payer_wallet_id,
             payer.id AS account_of_payer, payer.reference AS wallet_of_payer,
             y.payee_reference, y.payee_wallet_id, payee.reference AS wallet_of_payee
        FROM ${wallet}.payment y
        LEFT JOIN (${wallet}.wallet f JOIN ${wallet}.account payer ON payer.id = f.account_id) ON f.id = y.payer_wallet_id
        LEFT JOIN (${wallet}.wallet g JOIN ${wallet}.account payee ON payee.id = g.account_id) ON g.id = y.payee_wallet_id
       WHERE y.payment_id BETWEEN :first AND :last AND y.state IN ('charged', 'refunded')
         AND NOT (payee.reference <=> y.payee_reference
              AND IF(y.payer_account_id IS NULL,
                     payer.reference <=> y.payer_reference,
                     payer.id <=> y.payer_account_id AND y.payer_reference IS NULL))`,
  },
];
