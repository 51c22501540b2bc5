import { isIP } from 'node:net';

/** Whether callers need credentials. */
export type AccessMode = 'open' | 'closed';

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** The access mode that the settings ask for; by default closed in production and on any address but loopback. */
export function accessModeOf(settings: {
  ACCESS?: AccessMode | undefined;
  NODE_ENV?: string | undefined;
  SOUK_BIND: string;
}): AccessMode {
  const { ACCESS, NODE_ENV, SOUK_BIND } = settings;
  return ACCESS ?? (NODE_ENV === 'production' || !isLoopback(SOUK_BIND) ? 'closed' : 'open');
}
