import { z } from 'zod';
import { after, limit } from '../declaration/paging';
import { declareRoute } from '../declaration/route';
import { readFailures } from '../wallet/wallet-failures';
import { accountId } from '../wallet/wallet-fields';
import { ALERT_EXAMPLE, alertListSchema } from './fraud-schemas';

export const listAlertsRoute = declareRoute({
  operationId: 'listAlerts',
  method: 'get',
  path: '/accounts/:id/alerts',
  tag: 'Fraud detection',
  summary: 'Alerts about an account, newest first',
  description:
    'An alert is raised by a fraud detection rule and includes the events that are its evidence. An unknown account has no alerts.',
  params: z.object({ id: accountId }),
  query: z.object({ after, limit }),
  access: { scope: 'monitoring:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
  responses: {
    200: {
      description: 'A page of alerts',
      body: alertListSchema,
      examples: { unusual: { items: [ALERT_EXAMPLE], next: null }, none: { items: [], next: null } },
    },
    ...readFailures(),
  },
});
