import { NOTIFICATION_ROUTES } from '@souk/contracts';
import { askRoutes, type Ask, type Reply } from '@souk/testing';
import { ADMIN_KEY } from './start-test-notifications';

type Body = Record<string, unknown>;
export type AskNotifications = (...request: Parameters<Ask>) => Promise<Pick<Reply<Body>, 'status' | 'body'>>;

/** @returns a client with the admin key that checks every reply against its route's declaration */
export const askNotifications = (url: string): AskNotifications => {
  const ask = askRoutes<Body>(url, NOTIFICATION_ROUTES);
  return async (call, options) => {
    const { status, body } = await ask(call, { adminKey: ADMIN_KEY, ...options });
    return { status, body };
  };
};
