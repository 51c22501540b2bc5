import { addColumn, type Migration } from '@souk/database';

export const disabledWebhooks: Migration = {
  name: '0006-disabled-webhooks',
  statements: addColumn('webhook', 'disabled_at', "DATETIME(3) NULL COMMENT 'when its receiver answered 410'"),
};
