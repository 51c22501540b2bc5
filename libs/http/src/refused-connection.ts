import { STATUS_CODES } from 'node:http';
import { failures, type Failure, type FailureFormat } from './failure';
import { API_HEADERS } from './send';

/** A whole answer, for a connection on which there is no request to answer. */
export function refusalText(format: FailureFormat, failure: Failure): string {
  const body = JSON.stringify(format.body(failure));
  const headers = {
    'Content-Type': format.contentType,
    'Content-Length': String(Buffer.byteLength(body)),
    ...API_HEADERS,
    ...failure.headers,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`, ...lines, '', body].join('\r\n');
}

export const connectFailure = (): Failure => failures.methodNotAllowed('GET, HEAD, POST, PUT, DELETE, OPTIONS');

/** @param code of the error by which Node.js tells that it read no request */
export function failureOf(code: string | undefined): Failure {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'INVALID_REQUEST', message: 'The path and the headers are too large' };
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The extensions of a chunk are too large' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request did not arrive in time' };
  }
  return failures.invalid('This is not an HTTP request');
}
