import { status, type Client, type ClientDuplexStream, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { wasNeverSent } from '../status';
import { callService, type Call, type ReceivedAnswer } from './call-service';

/** Runs calls on long-lived streams to the servers of a client. See proto/calls/v1. */
export interface CallStreams {
  /**
   * @param method the full name of a unary method
   * @param deadline epoch milliseconds
   * @returns the answer, with status DEADLINE_EXCEEDED after the deadline and CANCELLED after `close`; `unsent` if no stream
   *   can be used, so nothing was done; or `lost` if the stream ended before the answer, so the outcome is unknown
   */
  exchange(method: string, request: Buffer, deadline: number): Promise<Outcome>;
  close(): void;
}

export type StreamAnswer = Omit<ReceivedAnswer, 'id' | 'status'> & { status: status };

type Outcome = StreamAnswer | 'unsent' | 'lost';

/** Calls take turns, so that they reach several servers. */
const STREAMS = 4;
/** A stream takes new calls for this long, so that calls soon reach a server that was added, and an idle client has no streams. */
const STREAM_AGE_MS = 1_000;
/** After a stream has failed, none is used for this long. */
const PAUSE_MS = 1_000;

interface Stream {
  exchange: CallStreams['exchange'];
  close(): void;
}

/** @param metadata sent when a stream is opened */
export function createCallStreams(client: Client, metadata: Metadata): CallStreams {
  /** The streams that take new calls. */
  const slots = Array.from({ length: STREAMS }, (): Stream | undefined => undefined);
  const openStreams = new Set<Stream>();
  let next = 0;
  let pausedUntil = 0;
  let isClosed = false;

  const open = (slot: number): Stream => {
    const stream: Stream = openStream(startExchange(client, metadata), {
      onRetired: () => {
        if (slots[slot] === stream) slots[slot] = undefined;
      },
      onEnded: (hasFailed) => {
        openStreams.delete(stream);
        if (hasFailed) pausedUntil = Date.now() + PAUSE_MS;
      },
    });
    openStreams.add(stream);
    return stream;
  };

  return {
    exchange: async (method, request, deadline) => {
      if (isClosed) return failedAnswer(status.CANCELLED);
      if (Date.now() < pausedUntil) return 'unsent';
      next = (next + 1) % STREAMS;
      const stream = (slots[next] ??= open(next));
      return stream.exchange(method, request, deadline);
    },
    close: () => {
      isClosed = true;
      for (const stream of openStreams) stream.close();
    },
  };
}

function startExchange(client: Client, metadata: Metadata): ClientDuplexStream<Call, ReceivedAnswer> {
  const { path, requestSerialize, responseDeserialize } = callService.definition['Exchange']!;
  return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata) as ClientDuplexStream<
    Call,
    ReceivedAnswer
  >;
}

interface StreamEvents {
  /** The stream takes no new calls. */
  onRetired(): void;
  onEnded(hasFailed: boolean): void;
}

function openStream(stream: ClientDuplexStream<Call, ReceivedAnswer>, { onRetired, onEnded }: StreamEvents): Stream {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let lastId = 0;
  let isRetired = false;
  let hasTimedOut = false;

  const retire = () => {
    if (isRetired) return;
    isRetired = true;
    clearTimeout(ageTimer);
    onRetired();
    stream.end();
  };
  const settleAll = (outcome: Outcome) => {
    retire();
    for (const settle of [...waiting.values()]) settle(outcome);
  };
  const finish = (hasFailed: boolean, outcome: Outcome) => {
    onEnded(hasFailed);
    settleAll(outcome);
  };
  const ageTimer = setTimeout(retire, STREAM_AGE_MS).unref();

  stream.on('data', (answer: ReceivedAnswer) => waiting.get(answer.id)?.(answer));
  stream.on('error', (error: ServiceError) =>
    finish(error.code !== status.CANCELLED, wasNeverSent(error) ? 'unsent' : 'lost'),
  );
  stream.on('end', () => finish(false, 'lost'));

  return {
    exchange: (method, request, deadline) =>
      new Promise((resolve) => {
        const id = ++lastId;
        const settle = (outcome: Outcome) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(outcome);
          if (hasTimedOut && waiting.size === 0) stream.cancel();
        };
        const giveUp = () => {
          // The server may be unable to answer, so later calls should try another one.
          hasTimedOut = true;
          retire();
          settle(failedAnswer(status.DEADLINE_EXCEEDED));
        };
        const timer = setTimeout(giveUp, deadline - Date.now());
        waiting.set(id, settle);
        stream.write({ id, method, request });
      }),
    close: () => {
      settleAll(failedAnswer(status.CANCELLED));
      stream.cancel();
    },
  };
}

const failedAnswer = (code: status): StreamAnswer => ({
  status: code,
  response: Buffer.alloc(0),
  message: '',
  code: '',
  details: '',
});
