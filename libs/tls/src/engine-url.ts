import { z } from 'zod';
import { openTlsFolder, type TlsFolder } from './tls-folder';

/** How to reach an engine. */
interface EngineAddress {
  /** The URL as the engine's library expects it. */
  url: string;
  /** The certificates for the connections; undefined for unencrypted ones, and for a URL that encrypts by its scheme alone. */
  tls: TlsFolder | undefined;
}

const TLS_PARAMETER = 'tls';

/** The scheme with which the engine's library encrypts, if it has one. For MySQL, the folder alone decides. */
const ENCRYPTING_SCHEMES = { amqp: 'amqps', redis: 'rediss', mysql: undefined } as const;

/** @throws Error that says what is wrong with the URL or its certificates */
export function parseEngineUrl(text: string): EngineAddress {
  const url = new URL(text);
  const path = url.searchParams.get(TLS_PARAMETER);
  if (path === null) return { url: text, tls: undefined };
  url.searchParams.delete(TLS_PARAMETER);
  return { url: url.toString(), tls: openTlsFolder(path) };
}

/** The URL of an engine in an environment variable; `?tls=FOLDER` names the certificates for its connections. */
export const engineUrlSetting = (scheme: keyof typeof ENCRYPTING_SCHEMES) =>
  z.url({ abort: true }).superRefine((text, context) => {
    const problem = problemOf(text, scheme);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

function problemOf(text: string, scheme: keyof typeof ENCRYPTING_SCHEMES): string | undefined {
  const encrypting = ENCRYPTING_SCHEMES[scheme];
  const actual = new URL(text).protocol.slice(0, -1);
  if (actual !== scheme && actual !== encrypting)
    return `must start with ${[scheme, encrypting].filter(Boolean).join(':// or ')}://`;
  try {
    const { tls } = parseEngineUrl(text);
    return tls && encrypting && actual !== encrypting ? `must start with ${encrypting}:// to use TLS` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
