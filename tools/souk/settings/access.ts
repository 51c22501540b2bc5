import { accessModeOf, type AccessMode } from '@souk/service';
import { LOOPBACK } from './addresses';
import type { Settings } from './settings';

/** The headers of a call by an administrator. */
export const adminHeaders = (adminApiKey: string | undefined): Record<string, string> =>
  adminApiKey ? { 'x-api-key': adminApiKey } : {};

/** Whether callers of the APIs need credentials, without containers. */
export function accessMode({ values }: Pick<Settings, 'values'>): AccessMode {
  const { ACCESS, NODE_ENV, SOUK_BIND = LOOPBACK } = values;
  const mode = ACCESS === 'open' || ACCESS === 'closed' ? ACCESS : undefined;
  return accessModeOf({ ACCESS: mode, NODE_ENV, SOUK_BIND });
}
