/** With this server, or the proxy in front of it, Souk can't keep its promises. The message says why. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
}
