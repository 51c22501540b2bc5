import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';

/** PEM texts. */
export interface TlsFiles {
  /** The authorities whose certificates are trusted; without it, those that Node.js trusts. */
  ca: string | undefined;
  /** The certificate of this process, followed by intermediate ones. */
  cert: string | undefined;
  key: string | undefined;
}

/** The certificates of a process, which may be renewed while it runs. */
export interface TlsFolder {
  /**
   * The current files, read again at each call. Returns the same object while they are unchanged, and the previous files while the
   * new ones don't fit together.
   */
  files(): TlsFiles;
  /** For each new connection, a context with the current files. */
  secureContext: SecureContext;
}

/** The names that Kubernetes and cert-manager use. */
const FILES = { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' } as const;

/**
 * Opens a folder with `ca.crt`, `tls.crt` and `tls.key`. Without `ca.crt`, the authorities are those that Node.js trusts. Without
 * the other two, the process has no certificate of its own.
 * @throws Error that says what is wrong with the folder
 */
export function openTlsFolder(path: string): TlsFolder {
  let current = readContext(path);

  const refresh = () => {
    try {
      const files = readFiles(path);
      if (!isSame(files, current.files)) current = contextOf(files);
    } catch {
      // The files are being replaced; the next connection tries again.
    }
    return current;
  };

  return {
    files: () => refresh().files,
    // Libraries keep their options for all later connections, but TLS takes the native context at each one.
    secureContext: {
      get context() {
        return refresh().secureContext.context as unknown;
      },
    },
  };
}

function readContext(path: string) {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new Error(`${path} is not a folder`);
  try {
    return contextOf(readFiles(path));
  } catch (error) {
    throw new Error(`the certificates in ${path} can't be used: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws Error if a file isn't PEM, or the key isn't that of the certificate */
function contextOf(files: TlsFiles) {
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new Error(`${FILES.cert} and ${FILES.key} belong together`);
  return { files, secureContext: createSecureContext(files) };
}

function readFiles(path: string): TlsFiles {
  const read = (name: string) => {
    const file = join(path, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return { ca: read(FILES.ca), cert: read(FILES.cert), key: read(FILES.key) };
}

const isSame = (one: TlsFiles, other: TlsFiles) =>
  one.ca === other.ca && one.cert === other.cert && one.key === other.key;
