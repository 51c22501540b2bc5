import { declareMessage } from '../declaration/message';
import { alertSchema } from './fraud-schemas';

export const fraudAlertMessage = declareMessage({
  type: 'fraud.alerts',
  version: 1,
  summary: "A fraud detection rule raised an alert. The message has the alert's id, so a consumer can skip repeats.",
  data: alertSchema,
});

/** Everything the exchange `fraud` carries. */
export const FRAUD_MESSAGES = [fraudAlertMessage] as const;
