import type { IncomingMessage } from 'node:http';
import { failures, type Failure } from '../response/failure';

const CONTINUE = '100-continue';

/** Detects requests that violate HTTP/1.1 but that Node.js doesn't refuse. Source: RFC 9112, section 3.2; RFC 9110, 10.1.1. */
export function protocolError({ httpVersion, headers, rawHeaders }: IncomingMessage): Failure | undefined {
  let hostCount = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]!.length === 4 && rawHeaders[index]!.toLowerCase() === 'host') hostCount++;
  if (hostCount > 1) return failures.invalid('The request has more than one Host header');
  if (httpVersion !== '1.1') return undefined;
  if (hostCount === 0) return failures.invalid('The request has no Host header');
  const { expect } = headers;
  return expect === undefined || expect.toLowerCase() === CONTINUE ? undefined : failures.expectationFailed();
}
