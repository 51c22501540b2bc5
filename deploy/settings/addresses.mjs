// @ts-check

const LOOPBACK = '127.0.0.1';

/** The URL of the Cart API on this machine. @param {import('./settings.mjs').Settings} settings */
export function cartApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.cartApi}`;
}

/** The URL of the Wallet API on this machine. @param {import('./settings.mjs').Settings} settings */
export function walletApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.walletApi}`;
}

/** The URL of the Monitoring API on this machine. @param {import('./settings.mjs').Settings} settings */
export function monitoringApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.monitoringApi}`;
}

/** The URL of the ATM API on this machine. @param {import('./settings.mjs').Settings} settings */
export function atmApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.atmApi}`;
}

/** The host to call for a service that listens on `bind`. @param {string | undefined} bind */
export function reachableHost(bind = LOOPBACK) {
  if (['0.0.0.0', '::', 'localhost'].includes(bind)) return LOOPBACK;
  return bind.includes(':') ? `[${bind}]` : bind;
}
