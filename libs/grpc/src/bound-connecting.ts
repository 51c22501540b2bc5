import { Http2SubchannelConnector } from '@grpc/grpc-js/build/src/transport';

/** Time limit for opening a connection, up to the server's first frame. */
const CONNECT_TIMEOUT_MS = 5_000;

const { prototype } = Http2SubchannelConnector;
const connect = prototype.connect;

/**
 * Limits how long a connection may take to open. The library waits forever for the server's first frame, leaves the timeout of
 * a TCP connect to the kernel, and opens no other connection to that address meanwhile. It has no option for a limit, so this
 * extends its connector: https://github.com/grpc/grpc-node/issues/2785
 */
export function boundConnecting(): void {
  prototype.connect = boundedConnect;
}

function boundedConnect(
  this: Http2SubchannelConnector,
  ...parameters: Parameters<typeof connect>
): ReturnType<typeof connect> {
  const opening = connect.apply(this, parameters);
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      reject(new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`));
      (this as unknown as { session: { destroy(): void } | null }).session?.destroy();
      opening.then(
        (lateConnection) => lateConnection.shutdown(),
        () => undefined,
      );
    };
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS).unref();
    void opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
