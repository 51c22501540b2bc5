import { status, type MethodDefinition, type ServerDuplexStream } from '@grpc/grpc-js';
import { MESSAGE_BYTES_MAX, TOO_LARGE } from '../message-size';
import { toAnsweredFailure, type FailedStatus } from '../status';
import type { Answer, ReceivedCall } from './call-service';

/** Runs a unary method. @returns its response, or the status to fail with */
export type RunMethod = (request: unknown) => Promise<{ response: unknown } | { failed: FailedStatus }>;

export interface UnaryMethod {
  definition: MethodDefinition<unknown, unknown>;
  run: RunMethod;
}

export interface CallAnswerer {
  /** Answers the calls of a stream until its client ends it. See proto/calls/v1. */
  serve(stream: ServerDuplexStream<ReceivedCall, Answer>): void;
  /** Refuses new calls. Each stream ends as soon as its calls in flight are answered. */
  stop(): void;
}

/** While a stream has this many calls in flight, no more are read from it. */
const CALLS_IN_FLIGHT_MAX = 1_000;

/** Leaves room for the other fields of the answer. */
const RESPONSE_BYTES_MAX = MESSAGE_BYTES_MAX - 1_024;

/** @param methods the unary methods of the server by their full names */
export function createCallAnswerer(methods: ReadonlyMap<string, UnaryMethod>): CallAnswerer {
  const enders = new Set<() => void>();
  let isStopping = false;

  const answer = async ({ id, method, request }: ReceivedCall): Promise<Answer> => {
    const known = methods.get(method);
    if (!known) return { id, status: status.UNIMPLEMENTED, message: `The server has no method ${method}` };
    try {
      const result = await known.run(known.definition.requestDeserialize(request));
      if ('failed' in result) return { id, ...toAnsweredFailure(result.failed) };
      const response = known.definition.responseSerialize(result.response);
      // A larger answer would fail the whole stream.
      if (response.length > RESPONSE_BYTES_MAX) return { id, status: status.RESOURCE_EXHAUSTED, message: TOO_LARGE };
      return { id, response };
    } catch {
      return { id, status: status.INTERNAL, message: 'The message could not be read or written' };
    }
  };

  const serve: CallAnswerer['serve'] = (stream) => {
    let inFlight = 0;
    let isEnding = false;
    const endIfDone = () => {
      if (isEnding && inFlight === 0) stream.end();
    };
    const end = () => {
      isEnding = true;
      endIfDone();
    };
    // A call is in flight until its answer has been passed on, so a client that reads nothing can't fill the memory.
    const settle = () => {
      if (inFlight-- === CALLS_IN_FLIGHT_MAX) stream.resume();
      endIfDone();
    };
    // The client repeats the call elsewhere.
    const refuse = ({ id }: ReceivedCall) => {
      if (!stream.writableEnded) stream.write({ id, status: status.UNAVAILABLE, message: 'The server is stopping' });
    };
    const accept = (call: ReceivedCall) => {
      if (isStopping) return refuse(call);
      if (++inFlight === CALLS_IN_FLIGHT_MAX) stream.pause();
      void answer(call).then((answered) => stream.write(answered, settle));
    };
    enders.add(end);
    stream.on('data', accept).on('end', end);
    stream.on('close', () => enders.delete(end));
    if (isStopping) end();
  };

  return {
    serve,
    stop: () => {
      isStopping = true;
      for (const end of enders) end();
    },
  };
}
