import { attemptsFor, isTemporary, noAnswer, readAnswer, retryAfter, retryPolicy, type Attempt } from './call';
import { createEventParser } from './event-parser';
import type { Order } from './generated/cart-api';
import type { CallOptions, ClientOptions } from './options';
import { noteReached } from './reachability';
import { prepareRequest, withToken, type Input, type Operation, type PreparedRequest } from './request';
import { createRequestTimeout } from './request-timeout';
import { FailureError, UnexpectedAnswerError } from './result';
import { pause, pauseMs } from './retry';

const SILENCE_MAX_MS = 45_000;

/**
 * Follows an order: yields its current state, then each change, and ends after the final state. A broken stream is reopened, any
 * number of times as long as the service sends events in between.
 * @throws FailureError, NoAnswerError, UnexpectedAnswerError, TypeError, the reason of the signal
 */
export async function* followOrder(
  client: ClientOptions,
  operation: Operation,
  input: Input,
  { signal }: CallOptions,
): AsyncGenerator<Order, void, undefined> {
  const policy = retryPolicy(client);
  const request = prepareRequest(client, operation, input, {});
  let lastState: string | undefined;
  let failedInARow = 0;

  for (;;) {
    const stream = readStream(client, request, signal);
    let step = await stream.next();
    try {
      for (; !step.done; step = await stream.next()) {
        failedInARow = 0;
        const order = step.value;
        // A reopened stream starts with the current state, which may already have been yielded.
        const state = `${order.status} ${order.updatedAt}`;
        if (state !== lastState) yield order;
        lastState = state;
        if (order.status !== 'processing') return;
      }
    } finally {
      await stream.return({ kind: 'broken', cause: undefined });
    }
    const end = step.value;
    failedInARow++;
    const retryAfterMs = retryAfter(end);
    const isLast = failedInARow >= attemptsFor(client, policy, end) || retryAfterMs > policy.retryAfterMaxMs;
    if (end.kind === 'broken' && isLast) throw noAnswer(client, request, end.cause, failedInARow);
    if (end.kind === 'answer' && (isLast || !isTemporary(end))) throw failureError(operation, end, failedInARow);
    await pause(pauseMs(policy, failedInARow, retryAfterMs), signal);
  }
}

/** The error to throw when the service answers with something other than events. */
function failureError(operation: Operation, answer: Extract<Attempt, { kind: 'answer' }>, attempts: number): Error {
  const result = readAnswer(operation, answer, attempts, undefined);
  if (result.ok) return new UnexpectedAnswerError(result, answer.text);
  const { failure, ok: _, ...facts } = result;
  return new FailureError(failure, facts);
}

/** Reads one stream to its end. @returns how it ended, or the answer received instead */
async function* readStream(
  client: ClientOptions,
  request: PreparedRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Order, Attempt, undefined> {
  const { url, init } = await withToken(client, request, signal);
  const { fetch = globalThis.fetch, silenceMaxMs = SILENCE_MAX_MS } = client;
  const timeout = createRequestTimeout(silenceMaxMs, signal);
  try {
    const response = await fetch(url, { ...init, signal: timeout.signal });
    noteReached(client);
    const { status, headers, body } = response;
    if (status !== 200 || !body || !headers.get('Content-Type')?.startsWith('text/event-stream'))
      return { kind: 'answer', status, headers, text: await response.text() };
    const parse = createEventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      timeout.restart();
      for (const { name, data } of parse(decoder.decode(chunk.value as Uint8Array, { stream: true })))
        if (name === 'status') yield JSON.parse(data) as Order;
    }
    return { kind: 'broken', cause: new Error('the stream ended before the order settled') };
  } catch (cause) {
    signal?.throwIfAborted();
    return { kind: 'broken', cause };
  } finally {
    timeout.abort(); // closes the connection if the caller leaves early
    timeout.clear();
  }
}
