import { STATUS_CODES } from 'node:http';
import { failures, type Failure, type FailureFormat } from '../response/failure';
import { API_HEADERS } from '../response/send';
import { EXPOSED_HEADERS } from './cross-origin';
import type { OriginRule } from './origin-rule';

/** A complete HTTP answer for a connection without a readable request. */
export function refusalText(
  format: FailureFormat,
  failure: Failure,
  extraHeaders: Record<string, string> = {},
): string {
  const body = JSON.stringify(format.body(failure));
  const headers = {
    'Content-Type': format.contentType,
    'Content-Length': String(Buffer.byteLength(body)),
    ...API_HEADERS,
    ...failure.headers,
    ...extraHeaders,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`, ...lines, '', body].join('\r\n');
}

/** The `Origin` in the bytes of an unreadable request, if there is one. */
export function originOf(packet: Buffer | undefined): string | undefined {
  return /\r\norigin:([^\r\n]*)/i.exec(packet?.toString('latin1') ?? '')?.[1]?.trim();
}

/** @param origin if unknown, every page may read the refusal, which doesn't depend on the caller */
export function corsHeaders(rule: OriginRule, origin: string | undefined): Record<string, string> {
  const allowed = origin === undefined ? '*' : rule(origin);
  if (allowed === undefined) return { Vary: 'Origin' };
  return {
    'Access-Control-Allow-Origin': allowed,
    'Access-Control-Expose-Headers': EXPOSED_HEADERS.join(','),
    Vary: 'Origin',
  };
}

export const connectFailure = (): Failure => failures.methodNotAllowed('GET, HEAD, POST, PUT, DELETE, OPTIONS');

/** @param code the code of Node.js's error for an unreadable request */
export function failureOf(code: string | undefined): Failure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'INVALID_REQUEST', message: 'The path and the headers are too large' };
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The chunk extensions are too large' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request did not arrive in time' };
  }
  return failures.invalid('This is not an HTTP request');
}
