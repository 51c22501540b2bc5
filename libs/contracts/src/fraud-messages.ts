import { alertSchema } from './fraud-schemas';
import { declareMessage, type MessageOf } from './message';

export const fraudAlertMessage = declareMessage({
  type: 'fraud.alerts',
  version: 1,
  summary: 'A rule of fraud detection found something. Its id is that of the alert: whoever saw it once may skip it.',
  data: alertSchema,
});

/** Everything the exchange `fraud` carries. */
export const FRAUD_MESSAGES = [fraudAlertMessage] as const;
export type FraudMessage = MessageOf<(typeof FRAUD_MESSAGES)[number]>;
