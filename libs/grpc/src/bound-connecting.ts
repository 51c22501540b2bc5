import { Http2SubchannelConnector } from '@grpc/grpc-js/build/src/transport';

/** How long a connection may take to open, until the server's first frame. */
const CONNECT_TIMEOUT_MS = 5_000;

const { prototype } = Http2SubchannelConnector;
const connect = prototype.connect;

/**
 * Gives every connection a limited time to open. Without it the library waits for a lost first frame of the server for ever, and
 * for an unanswered TCP connect as long as the kernel does, and makes no other connection meanwhile. It has no option for this, so
 * its connector is extended: https://github.com/grpc/grpc-node/issues/2785
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
        (late) => late.shutdown(),
        () => undefined,
      );
    };
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS).unref();
    void opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
