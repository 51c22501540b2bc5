import { parseRetryAfter } from '@souk/client';
import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { isPrivateAddress, literalAddress, type Address, type Resolve } from './addresses';

/** How much of a response is read at most. Only its status matters. */
const RESPONSE_BYTES_MAX = 64 * 1024;
/** How much of a response is stored. */
const EXCERPT_BYTES = 1024;

/** The reason why a message was not delivered, as shown in logs and metrics. */
type PostFailure =
  'status' | 'gone' | 'redirect' | 'timeout' | 'refused' | 'name' | 'private_address' | 'tls' | 'connection' | 'secret';

export interface PostResult {
  /** `undefined` if the message was delivered: the receiver responded with 2xx. */
  failure?: PostFailure;
  /** The HTTP status, if there was a response. */
  status?: number;
  /** Minimum wait before the next attempt, if the receiver requested one. */
  retryAfterMs?: number;
  /** The beginning of the response body. */
  response: string;
}

export interface PostOptions {
  resolve: Resolve;
  allowPrivate: boolean;
  timeoutMs: number;
}

interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Posts a message after checking the addresses of its receiver. The connection uses only the checked addresses, whatever the name
 * resolves to a moment later. Redirects are not followed. One timeout covers all steps, including the lookup.
 * @param signal aborts immediately, with the failure `connection`
 */
export async function post(options: PostOptions, postRequest: PostRequest, signal: AbortSignal): Promise<PostResult> {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    stop.abort();
  }, options.timeoutMs);
  const stopped = new Promise<PostResult>((done) => {
    const end = () => done({ failure: isTimedOut ? 'timeout' : 'connection', response: '' });
    stop.signal.addEventListener('abort', end, { once: true });
    if (stop.signal.aborted) end();
  });
  try {
    return await Promise.race([stopped, resolveAndSend(options, postRequest, stop.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    stop.abort(); // stops reading a response that is too large
  }
}

async function resolveAndSend(
  options: PostOptions,
  postRequest: PostRequest,
  signal: AbortSignal,
): Promise<PostResult> {
  const url = new URL(postRequest.url);
  const addresses = await addressesOf(url, (hostname) => options.resolve(hostname, signal)).catch(() => []);
  if (addresses.length === 0) return { failure: 'name', response: '' };
  // A name that resolves to both public and private addresses is refused.
  if (!options.allowPrivate && addresses.some(({ address }) => isPrivateAddress(address)))
    return { failure: 'private_address', response: '' };
  if (signal.aborted) return { failure: 'connection', response: '' };
  return send(url, postRequest, { signal, lookup: lookupOf(addresses) });
}

async function addressesOf(url: URL, resolve: (hostname: string) => ReturnType<Resolve>): Promise<readonly Address[]> {
  const literal = literalAddress(url);
  return literal === undefined ? resolve(url.hostname) : [{ address: literal, family: isIPv6(literal) ? 6 : 4 }];
}

/** @returns a lookup function that yields the checked addresses, whatever the name resolves to now */
const lookupOf =
  (addresses: readonly Address[]): LookupFunction =>
  (_hostname, { all }, done) => {
    // Deferred, because an unreachable address would fail immediately, before the error listener is attached.
    process.nextTick(() => {
      if (all) done(null, [...addresses]);
      else done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

function send(url: URL, { headers, body }: PostRequest, { signal, lookup }: RequestOptions): Promise<PostResult> {
  return new Promise((resolve) => {
    const createRequest = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request: ClientRequest = createRequest(url, {
      method: 'POST',
      agent: false, // a separate connection, closed after the response
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      signal,
      lookup,
    });
    let hasResponse = false;
    request.on('response', (response) => {
      hasResponse = true;
      void readResult(response).then(resolve);
    });
    request.on('error', (error) => hasResponse || resolve({ failure: failureOf(error), response: '' }));
    // A request may also end without an error, for example by an upgrade that it didn't ask for.
    request.on('close', () => hasResponse || resolve({ failure: 'connection', response: '' }));
    request.end(body);
  });
}

async function readResult(response: IncomingMessage): Promise<PostResult> {
  const status = response.statusCode ?? 0;
  const excerpt: Buffer[] = [];
  let bytes = 0;
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'] ?? null);
  const result = (failure?: PostFailure): PostResult => ({
    ...(failure && { failure }),
    ...(failure && retryAfterMs !== undefined && { retryAfterMs }),
    status,
    response: Buffer.concat(excerpt).subarray(0, EXCERPT_BYTES).toString('utf8'),
  });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes < EXCERPT_BYTES) excerpt.push(chunk);
      bytes += chunk.length;
      if (bytes > RESPONSE_BYTES_MAX) break; // only the status matters
    }
  } catch {
    return result('connection'); // the response was cut off
  }
  if (status >= 200 && status < 300) return result();
  if (status === 410) return result('gone');
  return result(status >= 300 && status < 400 ? 'redirect' : 'status');
}

/** Error codes of OpenSSL and Node for an invalid certificate or another failure of TLS. */
const TLS_ERROR = /CERT|SIGNATURE|SELF_SIGNED|ALTNAME|ISSUER|_CHAIN_|^ERR_(SSL|TLS)_|^EPROTO$/;

function failureOf(error: NodeJS.ErrnoException): PostFailure {
  const code = error.code ?? '';
  if (code === 'ECONNREFUSED') return 'refused';
  return TLS_ERROR.test(code) ? 'tls' : 'connection';
}
