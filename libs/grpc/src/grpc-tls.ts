import { credentials, experimental, ServerCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import { openTlsFolder, type TlsFiles, type TlsFolder } from '@souk/tls';

type CertificateProvider = experimental.CertificateProvider;

/** How often a server, or a client with connections, looks for renewed certificates. */
const REFRESH_MS = 5_000;

/** @returns what is wrong with a folder of certificates for gRPC; undefined if nothing is */
export function tlsProblem(path: string): string | undefined {
  try {
    const { ca, cert } = openTlsFolder(path).files();
    return ca === undefined || cert === undefined ? `${path} must contain ca.crt, tls.crt and tls.key` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** @param path the folder of certificates; undefined for unencrypted calls */
export function channelCredentials(path: string | undefined): ChannelCredentials {
  if (path === undefined) return credentials.createInsecure();
  const provider = provideCertificates(openTlsFolder(path));
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}

/** @param path the folder of certificates; undefined for unencrypted calls */
export function serverCredentials(path: string | undefined): ServerCredentials {
  if (path === undefined) return ServerCredentials.createInsecure();
  const provider = provideCertificates(openTlsFolder(path));
  return experimental.createCertificateProviderServerCredentials(provider, provider, true);
}

/** Not the library's own provider, which reads a certificate and its key at different moments. */
function provideCertificates(folder: TlsFolder): CertificateProvider {
  const timers = new Map<unknown, NodeJS.Timeout>();
  const watch = (listener: unknown, report: (files: TlsFiles) => void) => {
    let last: TlsFiles | undefined;
    const refresh = () => {
      const files = folder.files();
      if (files !== last) report(files);
      last = files;
    };
    process.nextTick(refresh); // the library adds its own listeners afterwards
    timers.set(listener, setInterval(refresh, REFRESH_MS).unref());
  };
  const unwatch = (listener: unknown) => {
    clearInterval(timers.get(listener));
    timers.delete(listener);
  };
  const bytes = (text = '') => Buffer.from(text);
  return {
    addCaCertificateListener: (listener) => watch(listener, ({ ca }) => listener({ caCertificate: bytes(ca) })),
    removeCaCertificateListener: unwatch,
    addIdentityCertificateListener: (listener) =>
      watch(listener, ({ cert, key }) => listener({ certificate: bytes(cert), privateKey: bytes(key) })),
    removeIdentityCertificateListener: unwatch,
  };
}
