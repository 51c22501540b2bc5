import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttableProxy {
  port: number;
  /** Resets every open connection; new connections work. */
  cut(): void;
  /** Silently stops forwarding on open connections, like a broken route; new connections work. */
  silence(): void;
  /** Connects new clients to another target, as a failover does; open connections stay. */
  redirect(target: Target): void;
  /** Stops forwarding to the target on open connections, and sends their clients `notice` as if from the target. */
  stopReading(notice: Buffer): void;
  /** Applies `change` to each chunk from the target. */
  alter(change: (chunk: Buffer) => Buffer): void;
  /** Applies `change` to each chunk from a client. */
  alterRequests(change: (chunk: Buffer) => Buffer): void;
  close(): Promise<void>;
}

interface Target {
  host: string;
  port: number;
}

/** A TCP proxy on loopback. */
export function createCuttableProxy(initialTarget: Target): Promise<CuttableProxy> {
  let target = initialTarget;
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let change = (chunk: Buffer) => chunk;
  let changeRequest = (chunk: Buffer) => chunk;
  const server = createServer({ noDelay: true }, (inbound) => {
    const outbound = connect({ host: target.host, port: target.port, noDelay: true });
    clients.add(inbound);
    inbound.on('close', () => clients.delete(inbound));
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (chunk: Buffer) => to.write(from === outbound ? change(chunk) : changeRequest(chunk)));
      from.on('end', () => to.end());
    }
  });
  // A reset during a graceful end keeps the process from exiting: https://github.com/libp2p/js-libp2p/pull/3597
  const reset = (socket: Socket) => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());
  const cut = () => sockets.forEach(reset);
  const stopReading = (notice: Buffer) =>
    clients.forEach((client) => client.removeAllListeners('data').pause().write(notice));
  const silence = () => sockets.forEach((socket) => socket.removeAllListeners('data').pause());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          cut();
        });
      resolve({
        port: (server.address() as AddressInfo).port,
        cut,
        silence,
        redirect: (newTarget) => (target = newTarget),
        alter: (newChange) => (change = newChange),
        alterRequests: (newChange) => (changeRequest = newChange),
        stopReading,
        close,
      });
    });
  });
}
