import type { ClientOptions, ConditionalCallOptions, WaitingCallOptions } from './options';
import { attemptsAllowed, likelyCause, noteReached } from './reachability';
import { prepareRequest, withToken, type Input, type Operation, type PreparedRequest } from './request';
import { createRequestTimeout } from './request-timeout';
import { NoAnswerError, UnexpectedAnswerError, type AnswerFacts, type Failure, type Result } from './result';
import { parseRetryAfter, pause, pauseMs, RETRY_DEFAULTS, type RetryPolicy } from './retry';

/** The outcome of one request. */
export type Attempt =
  { kind: 'answer'; status: number; headers: Headers; text: string } | { kind: 'broken'; cause: unknown };

const ANSWER_TIMEOUT_MS = 15_000;
const VALID_KEY = /^[\x21-\x7e]{1,255}$/;
/** In order: too many requests, a proxy's broken connection to the service, an engine that is down, no answer in time. */
const TEMPORARY: readonly number[] = [429, 502, 503, 504];
/** Codes that guarantee that nothing was done. */
const NOTHING_DONE: readonly string[] = ['OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE'];

/**
 * Sends a request until it gets a final answer or has used all attempts, each time with the same key.
 * @throws NoAnswerError, UnexpectedAnswerError, TypeError if the request can't be sent, the reason of the signal
 */
export async function call(
  client: ClientOptions,
  operation: Operation,
  input: Input,
  options: WaitingCallOptions & ConditionalCallOptions,
): Promise<Result<unknown, Failure>> {
  const policy = retryPolicy(client);
  const idempotencyKey = operation.takesKey ? (options.idempotencyKey ?? createKey()) : undefined;
  if (idempotencyKey !== undefined && !VALID_KEY.test(idempotencyKey))
    throw new TypeError('idempotencyKey must have 1 to 255 visible characters');
  const request = prepareRequest(client, operation, input, {
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    ...preferHeader(operation, options),
    ...(operation.takesIfMatch && options.ifMatch !== undefined ? { 'If-Match': options.ifMatch } : {}),
  });
  const timeoutMs = (client.answerTimeoutMs ?? ANSWER_TIMEOUT_MS) + (options.waitSeconds ?? 0) * 1_000;

  for (let attempts = 1; ; attempts++) {
    const attempt = await sendOnce(client, request, timeoutMs, options.signal);
    const retryAfterMs = retryAfter(attempt);
    const isLast = attempts >= attemptsFor(client, policy, attempt) || retryAfterMs > policy.retryAfterMaxMs;
    if (isLast || !mayRepeat(operation, attempt)) {
      if (attempt.kind === 'broken') throw noAnswer(client, request, attempt.cause, attempts, idempotencyKey);
      return readAnswer(operation, attempt, attempts, idempotencyKey);
    }
    await pause(pauseMs(policy, attempts, retryAfterMs), options.signal);
  }
}

export const attemptsFor = (client: ClientOptions, policy: RetryPolicy, attempt: Attempt): number =>
  attempt.kind === 'broken' ? attemptsAllowed(client, policy, attempt.cause) : policy.attemptsMax;

export const noAnswer = (
  client: ClientOptions,
  { url }: PreparedRequest,
  cause: unknown,
  attempts: number,
  idempotencyKey?: string,
) => new NoAnswerError(attempts, idempotencyKey, cause, likelyCause(client, url, cause));

export const retryPolicy = ({ retry }: ClientOptions): RetryPolicy => ({ ...RETRY_DEFAULTS, ...retry });

/** Doesn't use `randomUUID`, which browsers have only on secure pages. */
const createKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function preferHeader(
  { takesPrefer }: Operation,
  { waitSeconds, respondAsync }: WaitingCallOptions,
): Record<string, string> {
  if (!takesPrefer) return {};
  if (respondAsync) return { Prefer: 'respond-async' };
  if (waitSeconds === undefined) return {};
  if (!(waitSeconds >= 0 && waitSeconds <= 60)) throw new TypeError('waitSeconds must be from 0 to 60');
  return { Prefer: `wait=${Math.ceil(waitSeconds)}` };
}

async function sendOnce(
  client: ClientOptions,
  request: PreparedRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const { url, init } = await withToken(client, request, signal);
  const timeout = createRequestTimeout(timeoutMs, signal);
  const { fetch = globalThis.fetch } = client;
  try {
    const response = await fetch(url, { ...init, signal: timeout.signal });
    noteReached(client);
    return { kind: 'answer', status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    return { kind: 'broken', cause };
  } finally {
    timeout.clear();
  }
}

export const retryAfter = (attempt: Attempt): number =>
  (attempt.kind === 'answer' && parseRetryAfter(attempt.headers.get('Retry-After'))) || 0;

/** Whether another attempt may get a different answer. */
export const isTemporary = (attempt: Attempt): boolean =>
  attempt.kind === 'broken' || TEMPORARY.includes(attempt.status);

/**
 * A change without a key is repeated only if it is certain that nothing was done. Otherwise the late repeat could undo
 * other clients' changes in the meantime.
 */
function mayRepeat({ method, takesKey }: Operation, attempt: Attempt): boolean {
  if (!isTemporary(attempt)) return false;
  if (takesKey || method === 'GET') return true;
  return attempt.kind === 'answer' && NOTHING_DONE.includes(readFailure(attempt.text)?.code ?? '');
}

/** Turns an answer into a result. @throws UnexpectedAnswerError */
export function readAnswer(
  { codes }: Operation,
  attempt: Extract<Attempt, { kind: 'answer' }>,
  attempts: number,
  idempotencyKey: string | undefined,
): Result<unknown, Failure> {
  const { status, headers, text } = attempt;
  const preferenceApplied = headers.get('Preference-Applied');
  const etag = headers.get('ETag');
  const facts: AnswerFacts = {
    status,
    attempts,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    isReplayed: headers.get('Idempotency-Replayed') === 'true',
    ...(preferenceApplied === null ? {} : { preferenceApplied }),
    ...(etag === null ? {} : { etag }),
  };
  if (status >= 200 && status < 300) {
    const body = parseObject(text);
    if (body) return { ok: true, body, ...facts };
  } else {
    const failure = readFailure(text);
    if (failure && codes.includes(failure.code)) return { ok: false, failure, ...facts };
  }
  throw new UnexpectedAnswerError(facts, text);
}

function readFailure(text: string): Failure | undefined {
  const body = parseObject(text);
  return typeof body?.['code'] === 'string' && typeof body['error'] === 'string'
    ? (body as unknown as Failure)
    : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
