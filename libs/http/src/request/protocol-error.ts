import type { IncomingMessage } from 'node:http';
import { failures, type Failure } from '../response/failure';

const CONTINUE = '100-continue';

/** Detects requests that violate HTTP/1.1 but that Node.js doesn't refuse. Source: RFC 9112, section 3.2; RFC 9110, 10.1.1. */
export function protocolError({ httpVersion, headers, rawHeaders }: IncomingMessage): Failure | undefined {
  const hosts = rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host',
  );
  if (hosts.length > 1) return failures.invalid('The request has more than one Host header');
  if (httpVersion !== '1.1') return undefined;
  if (hosts.length === 0) return failures.invalid('The request has no Host header');
  const { expect } = headers;
  return expect === undefined || expect.toLowerCase() === CONTINUE ? undefined : failures.expectationFailed();
}
