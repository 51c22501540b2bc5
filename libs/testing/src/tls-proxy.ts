import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';

export interface TlsProxy {
  port: number;
  /** The serial numbers of the certificates with which clients have connected, in order. */
  clientSerials: readonly string[];
  /** Resets every open connection. */
  cut(): void;
  /** Uses the certificate that is now in the folder for new connections. */
  reload(): void;
  close(): Promise<void>;
}

/**
 * A proxy on loopback that speaks TLS with clients, and requires a certificate from them. It stands for a server that does so.
 * @param folder with `ca.crt`, `tls.crt` and `tls.key`
 */
export async function createTlsProxy(target: { host: string; port: number }, folder: string): Promise<TlsProxy> {
  const read = (name: string) => readFileSync(join(folder, name));
  const context = () => ({ ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') });
  const sockets = new Set<Socket>();
  const clientSerials: string[] = [];
  const server = createServer({ ...context(), requestCert: true, rejectUnauthorized: true }, (inbound: TLSSocket) => {
    clientSerials.push(inbound.getPeerCertificate().serialNumber);
    const outbound = connect({ ...target, noDelay: true });
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    clientSerials,
    cut,
    reload: () => server.setSecureContext(context()),
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
