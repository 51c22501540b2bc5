// @ts-check

const LOOPBACK = '127.0.0.1';

/** Where the Cart API is reached from this machine. @param {import('./settings.mjs').Settings} settings */
export function cartApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.cartApi}`;
}

/** Where the Wallet API is reached from this machine. @param {import('./settings.mjs').Settings} settings */
export function walletApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.walletApi}`;
}

/** Where the Monitoring API is reached from this machine. @param {import('./settings.mjs').Settings} settings */
export function monitoringApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.monitoringApi}`;
}

/** Where the ATM API is reached from this machine. @param {import('./settings.mjs').Settings} settings */
export function atmApiUrl(settings) {
  return `http://${reachableHost(settings.values.SOUK_BIND)}:${settings.ports.atmApi}`;
}

/** An address to call for what listens on `bind`. @param {string | undefined} bind */
export function reachableHost(bind = LOOPBACK) {
  if (['0.0.0.0', '::', 'localhost'].includes(bind)) return LOOPBACK;
  return bind.includes(':') ? `[${bind}]` : bind;
}
