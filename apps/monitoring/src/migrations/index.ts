import type { Migration } from '@souk/database';
import { delivery } from './0001-delivery';
import { fraudDetection } from './0002-fraud-detection';
import { notifications } from './0003-notifications';
import { analytics } from './0004-analytics';
import { redeliveries } from './0005-redeliveries';
import { disabledWebhooks } from './0006-disabled-webhooks';
import { paidFor } from './0007-paid-for';

export const migrations: readonly Migration[] = [
  delivery,
  fraudDetection,
  notifications,
  analytics,
  redeliveries,
  disabledWebhooks,
  paidFor,
];
