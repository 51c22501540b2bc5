import { AppError, unavailable } from '@souk/service';

interface PendingRequest {
  resolve(reply: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
  isSent: boolean;
}

/** The requests that wait for a reply. Each ends once; ending it again has no effect. */
export interface PendingRequests {
  /** @returns the id of the request, which fails after its timeout */
  add(resolve: PendingRequest['resolve'], reject: PendingRequest['reject'], timeoutMs: number): string;
  has(requestId: string): boolean;
  /** From now on the outcome is unknown if no reply comes. */
  markSent(requestId: string): void;
  resolve(requestId: string, reply: unknown): void;
  fail(requestId: string, error: Error): void;
  /** Ends the request without a reply. */
  giveUp(requestId: string): void;
  /** Ends all requests without a reply. */
  giveUpAll(): void;
}

const noAnswer = () =>
  new AppError('timeout', 'TIMEOUT', 'No answer in time; the outcome is unknown, retry with the same Idempotency-Key');

export function createPendingRequests(): PendingRequests {
  const requests = new Map<string, PendingRequest>();
  let lastRequest = 0;

  const end = (requestId: string, how: (request: PendingRequest) => void) => {
    const request = requests.get(requestId);
    if (!request) return;
    requests.delete(requestId);
    clearTimeout(request.timer);
    how(request);
  };
  const giveUp = (requestId: string) =>
    end(requestId, ({ reject, isSent }) => reject(isSent ? noAnswer() : unavailable('the message broker')));

  return {
    add: (resolve, reject, timeoutMs) => {
      const requestId = (++lastRequest).toString(36);
      const timer = setTimeout(() => giveUp(requestId), timeoutMs);
      requests.set(requestId, { resolve, reject, timer, isSent: false });
      return requestId;
    },
    has: (requestId) => requests.has(requestId),
    markSent: (requestId) => {
      const request = requests.get(requestId);
      if (request) request.isSent = true;
    },
    resolve: (requestId, reply) => end(requestId, (request) => request.resolve(reply)),
    fail: (requestId, error) => end(requestId, (request) => request.reject(error)),
    giveUp,
    giveUpAll: () => {
      for (const requestId of [...requests.keys()]) giveUp(requestId);
    },
  };
}
