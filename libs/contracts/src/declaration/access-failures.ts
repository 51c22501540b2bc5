import type { FailureDeclaration } from './failure-declaration';

/** The caller is unknown: without credentials, or with credentials that don't prove who it is. */
const UNAUTHORIZED: FailureDeclaration = {
  status: 401,
  code: 'UNAUTHORIZED',
  when: 'the API key or token is missing or invalid',
  message: 'X-API-Key is missing or wrong',
  headers: ['WWW-Authenticate'],
};

/** The caller is known, but may not do this. */
const FORBIDDEN: FailureDeclaration = {
  status: 403,
  code: 'FORBIDDEN',
  when: 'the API key lacks the scope, or the token belongs to another customer',
  message: 'The API key lacks the scope shop:admin',
};

/** Failures of a request that its caller may not make. */
export const ACCESS_FAILURES: readonly FailureDeclaration[] = [UNAUTHORIZED, FORBIDDEN];
