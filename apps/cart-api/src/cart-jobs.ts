import {
  cartJobsQueue,
  cartReplySchema,
  createMessage,
  type CartReply,
  type MessageDeclaration,
} from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import type { Requester } from '@souk/messaging';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { jobIdOf } from './job-id';

/** Longer than anybody waits; what is delivered later is dropped, because whoever asked was told that the outcome is unknown. */
const LATE_MS = 30_000;

/** The job's caller and deadline. */
export interface JobRequest {
  operationId: string;
  /** The client or the order that the request acts for: an idempotency key belongs to it. */
  actsFor: string;
  actor: string;
  facts: RequestFacts;
  /** How long the client may be waiting, in milliseconds; at least the wait for the worker's answer. */
  waitMs?: number;
}

/** What every job carries beside its data. */
interface JobTerms {
  fingerprint?: string | undefined;
  notAfter: number;
}

export interface CartJobs {
  /** The name of the job, known before it is sent; an order takes it over. */
  idOf(request: JobRequest): string;
  /**
   * Has the cart worker apply a job.
   * @throws AppError `unavailable` when surely nothing was done, `timeout` when the outcome is unknown
   */
  send<Data extends JobTerms>(
    declaration: MessageDeclaration<string, z.ZodType<Data>>,
    data: Omit<Data, keyof JobTerms>,
    request: JobRequest & { id?: string },
  ): Promise<CartReply>;
}

/** W3C trace context of a request that came without one; nobody samples it. */
function newTraceparent(): string {
  const hex = randomUUID().replaceAll('-', '') + randomUUID().replaceAll('-', '');
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-00`;
}

export function createCartJobs(requester: Requester, { answerTimeoutMs }: { answerTimeoutMs: number }): CartJobs {
  const idOf = ({ operationId, actsFor, facts }: JobRequest) =>
    jobIdOf({ operationId, caller: actsFor }, facts.idempotency?.key);

  return {
    idOf,
    send: async (declaration, data, request) => {
      const { actor, facts, waitMs = 0, id = idOf(request) } = request;
      const { correlationId, idempotency } = facts;
      const notAfter = Date.now() + Math.max(waitMs, answerTimeoutMs) + LATE_MS;
      const terms: JobTerms = { notAfter, ...(idempotency ? { fingerprint: idempotency.fingerprint } : {}) };
      const origin = { id, actor, correlationId, causationId: correlationId };
      const job = createMessage(
        declaration as MessageDeclaration,
        { ...data, ...terms },
        { ...origin, traceparent: facts.traceparent ?? newTraceparent() },
      );
      const reply = await requester.request(cartJobsQueue.name, job, {
        timeoutMs: Math.max(waitMs, answerTimeoutMs),
        isPersistent: true,
      });
      return cartReplySchema.parse(reply);
    },
  };
}
