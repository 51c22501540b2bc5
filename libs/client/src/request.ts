import type { ClientOptions } from './options';

/** A route, as the generated table describes it. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path, with its parameters in braces, e.g. `/orders/{orderID}`. */
  path: string;
  /** Names of the fields that go into the query and into the body; the other fields go into the path. */
  query: readonly string[];
  body: readonly string[];
  /** The codes of its failures. */
  codes: readonly string[];
  takesKey: boolean;
  takesPrefer: boolean;
  takesIfMatch: boolean;
  isStream: boolean;
}

export type Input = Readonly<Record<string, string | number | undefined>>;

/** A request that is ready to be sent, once or several times. */
export interface PreparedRequest {
  url: string;
  init: { method: string; headers: Headers; body?: string };
}

/**
 * @param callHeaders headers for this call only
 * @throws TypeError if the input can't be sent
 */
export function prepareRequest(
  options: ClientOptions,
  operation: Operation,
  input: Input,
  callHeaders: Record<string, string>,
): PreparedRequest {
  const headers = new Headers(options.headers);
  headers.set('Accept', operation.isStream ? 'text/event-stream' : 'application/json');
  if (options.apiKey) headers.set('X-API-Key', options.apiKey);
  for (const [name, value] of Object.entries(callHeaders)) headers.set(name, value);

  const url = new URL(options.url.replace(/\/+$/, '') + fillPath(operation.path, input), pageUrl());
  for (const name of operation.query) {
    if (input[name] !== undefined) url.searchParams.set(name, String(input[name]));
  }
  if (operation.body.length === 0) return { url: url.href, init: { method: operation.method, headers } };
  headers.set('Content-Type', 'application/json');
  const body = JSON.stringify(Object.fromEntries(operation.body.map((name) => [name, input[name]])));
  return { url: url.href, init: { method: operation.method, headers, body } };
}

/**
 * @returns the request with the current token of the customer, if the client has one
 * @throws the reason of the signal, if it is aborted while the token is being renewed
 */
export async function withToken(
  { token }: ClientOptions,
  request: PreparedRequest,
  signal: AbortSignal | undefined,
): Promise<PreparedRequest> {
  signal?.throwIfAborted();
  if (token === undefined) return request;
  const headers = new Headers(request.init.headers);
  headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await unlessAborted(token(), signal)}`);
  return { ...request, init: { ...request.init, headers } };
}

async function unlessAborted<T>(value: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return value;
  let onAbort = () => undefined as void;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The base of relative URLs in a browser. */
const pageUrl = () => (globalThis as { location?: { href: string } }).location?.href;

const fillPath = (path: string, input: Input) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(input[name] ?? '');
    // An empty segment, `.` and `..` would change the path, even if encoded: `%2e` means a dot. Source: WHATWG URL, 4.1.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name} ${JSON.stringify(value)} can't be a segment of a URL`);
    return encodeURIComponent(value);
  });
