import type { Check } from '../check';
import { chainChecks } from './chain-checks';
import { countChecks } from './count-checks';
import { eventChecks } from './event-checks';
import { monitoringChecks } from './monitoring-checks';
import { orderChecks } from './order-checks';
import { paymentChecks } from './payment-checks';
import { postingChecks } from './posting-checks';
import { stockChecks } from './stock-checks';
import { transactionChecks } from './transaction-checks';
import { walletChecks } from './wallet-checks';

/** All checks, in the order in which they are reported. */
export const CHECKS: readonly Check[] = [
  ...transactionChecks,
  ...postingChecks,
  ...chainChecks,
  ...walletChecks,
  ...eventChecks,
  ...paymentChecks,
  ...orderChecks,
  ...stockChecks,
  ...monitoringChecks,
  ...countChecks,
];
