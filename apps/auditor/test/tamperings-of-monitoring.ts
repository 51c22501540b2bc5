import { hourOf, type Tampering } from './tampering';
import { ADA, ALERT, BO, CHARGE_DECLINED, DEPOSIT, REFUSED, SHOP, TRANSFER, id } from './write-test-books';

/** Tampering with the consumers' tables. */
export const TAMPERINGS_OF_MONITORING: Tampering[] = [
  [
    'fraud detection says it has applied an event that has not happened yet',
    [
      `UPDATE monitoring.progress SET applied_to = applied_to + 2 WHERE account_id = '${SHOP}' AND consumer = 'fraud-detection'`,
      `UPDATE monitoring.progress SET applied_to = -1 WHERE account_id = '${BO}' AND consumer = 'fraud-detection'`,
      'DELETE FROM monitoring.alert',
    ],
    { 'fraud-detection-within-the-ledger': [BO, SHOP] },
  ],
  [
    'notifications say they have reported an event that has not happened yet',
    [
      `UPDATE monitoring.progress SET applied_to = applied_to + 1 WHERE account_id = '${ADA}' AND consumer = 'notifications'`,
    ],
    { 'notifications-within-the-ledger': [ADA], 'notified-of-every-event': [ADA] },
  ],
  [
    'analytics has applied events of an account that does not exist',
    [`INSERT INTO monitoring.progress (consumer, account_id, applied_to) VALUES ('analytics', '${id(70)}', 1)`],
    { 'analytics-within-the-ledger': [id(70)] },
  ],
  [
    'an account was not notified of an event',
    [`DELETE FROM monitoring.notification WHERE account_id = '${ADA}' AND sequence = 2`],
    { 'notified-of-every-event': [ADA] },
  ],
  [
    "an account was notified of another account's event",
    [`UPDATE monitoring.notification SET transaction_id = '${DEPOSIT}' WHERE account_id = '${BO}' AND sequence = 1`],
    { 'notification-tells-its-event': [BO] },
  ],
  [
    'an account was notified that a refused withdrawal was completed',
    [`UPDATE monitoring.notification SET status = 'completed', reason = '' WHERE transaction_id = '${REFUSED}'`],
    { 'notification-tells-its-event': [BO] },
  ],
  [
    'an account was notified of an event that was not applied yet',
    [
      `UPDATE monitoring.progress SET applied_to = applied_to - 1 WHERE consumer = 'notifications' AND account_id = '${ADA}'`,
    ],
    { 'notified-of-every-event': [ADA], 'notification-tells-its-event': [ADA] },
  ],
  [
    'an unknown account was notified',
    [`UPDATE monitoring.notification SET account_id = 'nobody' WHERE account_id = '${SHOP}' AND sequence = 1`],
    { 'notified-of-every-event': [SHOP], 'notification-tells-its-event': ['nobody'] },
  ],
  [
    'an alert names an event that does not exist',
    [`UPDATE monitoring.alert SET events = JSON_SET(events, '$[0].sequence', 77) WHERE id = '${ALERT}'`],
    { 'alert-has-its-evidence': [ALERT] },
  ],
  [
    'an alert names the event of another account',
    [
      `UPDATE monitoring.alert SET events = JSON_SET(events, '$[0].transaction_id', '${DEPOSIT}') WHERE id = '${ALERT}'`,
    ],
    { 'alert-has-its-evidence': [ALERT] },
  ],
  [
    'an alert is based on later events',
    [`UPDATE monitoring.alert SET sequence = 1 WHERE id = '${ALERT}'`],
    { 'alert-has-its-evidence': [ALERT] },
  ],
  [
    'an alert has no evidence',
    [`UPDATE monitoring.alert SET events = '[]' WHERE id = '${ALERT}'`],
    { 'alert-has-its-evidence': [ALERT] },
  ],
  [
    'an alert was raised at an event that was not applied',
    [`UPDATE monitoring.progress SET applied_to = 1 WHERE consumer = 'fraud-detection' AND account_id = '${BO}'`],
    { 'alert-has-its-evidence': [ALERT, ALERT] },
  ],
  [
    'analytics counted a transaction twice',
    ["UPDATE monitoring.analytics_hour SET transactions = transactions + 1 WHERE type = 'transfer'"],
    { 'hours-as-the-ledger-says': [hourOf(TRANSFER)] },
  ],
  [
    'analytics counted a cent too little',
    ["UPDATE monitoring.analytics_hour SET volume = volume - 1 WHERE type = 'withdrawal' AND status = 'failed'"],
    { 'hours-as-the-ledger-says': [hourOf(REFUSED)] },
  ],
  [
    'analytics counted a transaction under another reason',
    ["UPDATE monitoring.analytics_hour SET reason = 'BALANCE_LIMIT' WHERE type = 'withdrawal' AND status = 'failed'"],
    { 'hours-as-the-ledger-says': [hourOf(REFUSED), hourOf(REFUSED)], 'counted-in-its-hour': [REFUSED] },
  ],
  [
    'analytics counted a transaction in an hour in which nothing happened',
    ["UPDATE monitoring.analytics_hour SET hour = '2020-01-01 05:00:00' WHERE type = 'deposit'"],
    {
      'hours-as-the-ledger-says': ['2020-01-01 05:00:00', hourOf(DEPOSIT)],
      'counted-in-its-hour': [DEPOSIT],
    },
  ],
  [
    'analytics says it has applied an event that it did not count',
    [
      `UPDATE monitoring.progress SET applied_to = applied_to + 1 WHERE consumer = 'analytics' AND account_id = '${SHOP}'`,
    ],
    { 'account-hours-as-the-ledger-says': [hourOf(CHARGE_DECLINED)] },
  ],
  [
    'analytics counted a cent too much for an account',
    [`UPDATE monitoring.analytics_account_hour SET volume_in = volume_in + 1 WHERE account_id = '${ADA}' LIMIT 1`],
    { 'account-hours-as-the-ledger-says': [hourOf(DEPOSIT)] },
  ],
];
