import { Http2SubchannelConnector } from '@grpc/grpc-js/build/src/transport';

type Transport = Awaited<ReturnType<typeof connect>>;

/** Time limit for opening a connection, up to the server's first frame. */
const CONNECT_TIMEOUT_MS = 5_000;
/** After this many consecutive failures (about six seconds), an address counts as spare: probably no replica uses it. */
const SPARE_AFTER_FAILURES = 10;
/** The pause between attempts to connect to a spare address while another address of the target is connected. */
const SPARE_RETRY_MS = 10_000;

const { prototype } = Http2SubchannelConnector;
const connect = prototype.connect;

/**
 * Changes how the library opens connections, because it has no options for that.
 * - The library waits forever for the server's first frame, leaves the timeout of a TCP connect to the kernel, and doesn't try
 *   that address again until then. This function limits the time: https://github.com/grpc/grpc-node/issues/2785
 * - The library retries an unreachable address just as often when other addresses are connected. Retrying addresses that no
 *   replica uses yet took most of an idle process's CPU time. With this function, spare addresses are retried less often while
 *   another address is connected.
 */
export function boundConnecting(): void {
  prototype.connect = boundedConnect;
}

/** The number of failures of each connector since its last connection. A connector belongs to one address of one target. */
const failureCounts = new WeakMap<Http2SubchannelConnector, number>();

async function boundedConnect(
  this: Http2SubchannelConnector,
  ...parameters: Parameters<typeof connect>
): Promise<Transport> {
  const siblings = connectionsOf(this);
  const failures = failureCounts.get(this) ?? 0;
  if (failures >= SPARE_AFTER_FAILURES) await siblings.whileAny(SPARE_RETRY_MS);
  try {
    const transport = await connectInTime(this, parameters);
    failureCounts.delete(this);
    siblings.add(transport);
    return transport;
  } catch (error) {
    failureCounts.set(this, failures + 1);
    throw error;
  }
}

/** The open connections of one target. */
interface TargetConnections {
  add(transport: Transport): void;
  /** Waits while there is any connection, but at most `timeoutMs`. */
  whileAny(timeoutMs: number): Promise<void>;
}

const targets = new WeakMap<object, TargetConnections>();

function connectionsOf(connector: Http2SubchannelConnector): TargetConnections {
  const { channelTarget } = connector as unknown as { channelTarget: object };
  const connections = targets.get(channelTarget) ?? createTargetConnections();
  targets.set(channelTarget, connections);
  return connections;
}

function createTargetConnections(): TargetConnections {
  const transports = new Set<Transport>();
  const wakers = new Set<() => void>();
  return {
    add: (transport) => {
      transports.add(transport);
      transport.addDisconnectListener(() => {
        transports.delete(transport);
        if (transports.size === 0) for (const wake of wakers) wake();
      });
    },
    whileAny: async (timeoutMs) => {
      if (transports.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      let wake = () => {};
      await new Promise<void>((resolve) => {
        wake = resolve;
        wakers.add(wake);
        timer = setTimeout(wake, timeoutMs).unref();
      });
      wakers.delete(wake);
      clearTimeout(timer);
    },
  };
}

function connectInTime(
  connector: Http2SubchannelConnector,
  parameters: Parameters<typeof connect>,
): Promise<Transport> {
  const opening = connect.apply(connector, parameters);
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      reject(new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`));
      (connector as unknown as { session: { destroy(): void } | null }).session?.destroy();
      opening.then(
        (lateConnection) => lateConnection.shutdown(),
        () => undefined,
      );
    };
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS).unref();
    void opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
