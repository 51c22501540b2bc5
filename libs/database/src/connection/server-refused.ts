/** Souk can't keep its promises with this server or the proxy in front of it. The message says why. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
}
