import { z } from 'zod';
import { ACCESS_FAILURES } from './access-failures';
import type { ResponseDeclaration, ResponseHeader } from './route';

/** An unsuccessful answer, declared with its status, code and message. A refusal is a failure that the business rules require. */
export interface FailureDeclaration {
  /** HTTP status */
  status: number;
  /** Stable, SCREAMING_SNAKE */
  code: string;
  /** The condition under which it occurs; absent if the code says enough. */
  when?: string;
  /** The human-readable message, or an example of it. */
  message: string;
  /** Further members of the answer. */
  details?: z.ZodRawShape;
  headers?: readonly ResponseHeader[];
}

/** The format of failures in a service's contract; `libs/http` writes them. */
interface FailureShape {
  contentType: string;
  schema(failure: FailureDeclaration): z.ZodObject;
}

const code = (value: string) => z.literal(value).meta({ description: 'Machine-readable code of the failure; stable' });
const humanReadable = (example: string) =>
  z.string().meta({ description: 'Human-readable description of the failure', example });

/** `{status: "failed", error, code, …}` */
export const STATUS_FAILURE: FailureShape = {
  contentType: 'application/json',
  schema: (failure) =>
    z.object({
      status: z.literal('failed'),
      error: humanReadable(failure.message),
      code: code(failure.code),
      ...failure.details,
    }),
};

/** `{type, title, status, detail, code, …}`. Source: RFC 9457. */
export const PROBLEM_FAILURE: FailureShape = {
  contentType: 'application/problem+json',
  schema: (failure) =>
    z.object({
      type: z
        .literal('about:blank')
        .meta({ description: '`title` says what the status means, and `code` says what went wrong' }),
      title: z.string().meta({ description: 'The meaning of the status' }),
      status: z.literal(failure.status).meta({ description: 'The HTTP status of the answer' }),
      detail: humanReadable(failure.message),
      code: code(failure.code),
      ...failure.details,
    }),
};

/**
 * Turns failures into the responses that a route declares, and adds those of access, which every route has. Failures with the
 * same status are distinguished by their code.
 */
export const failureResponses =
  (shape: FailureShape) =>
  (...routeFailures: readonly FailureDeclaration[]): Record<number, ResponseDeclaration> => {
    const failures = [...routeFailures, ...ACCESS_FAILURES];
    const statuses = [...new Set(failures.map(({ status }) => status))];
    return Object.fromEntries(
      statuses.map((status) => [
        status,
        response(
          shape,
          failures.filter((failure) => failure.status === status),
        ),
      ]),
    );
  };

function response({ contentType, schema }: FailureShape, failures: readonly FailureDeclaration[]): ResponseDeclaration {
  const headers = [...new Set(failures.flatMap((failure) => failure.headers ?? []))];
  return {
    description: failures.map(({ code, when }) => (when ? `${code}: ${when}` : code)).join(' · '),
    contentType,
    body: failures.length === 1 ? schema(failures[0]!) : z.union(failures.map(schema)),
    ...(headers.length > 0 ? { headers } : {}),
  };
}
