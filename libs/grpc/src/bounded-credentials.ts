import { credentials, type ChannelCredentials } from '@grpc/grpc-js';

/** How long a server may take to send its first bytes on a new connection. */
const FIRST_BYTES_TIMEOUT_MS = 5_000;

/**
 * Insecure credentials that close a new connection on which the server sends nothing, for example because the server is
 * frozen or a route drops packets. The library itself waits for the server's settings without a limit, and makes no other
 * connection meanwhile: https://github.com/grpc/grpc-node/issues/2785
 */
export function createBoundedCredentials(): ChannelCredentials {
  const insecure = credentials.createInsecure();
  const createConnector = insecure._createSecureConnector.bind(insecure);
  insecure._createSecureConnector = (...parameters) => {
    const connector = createConnector(...parameters);
    return {
      ...connector,
      connect: (socket) => {
        const closeIfSilent = () => {
          if (socket.bytesRead === 0) socket.destroy(new Error('the server sent nothing on a new connection'));
        };
        const timer = setTimeout(closeIfSilent, FIRST_BYTES_TIMEOUT_MS).unref();
        socket.once('close', () => clearTimeout(timer));
        return connector.connect(socket);
      },
    };
  };
  return insecure;
}
