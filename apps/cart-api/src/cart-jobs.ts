import {
  cartChangeReplySchema,
  cartJobsQueue,
  createMessage,
  orderReplySchema,
  type CartChangeReply,
  type MessageDeclaration,
  type OrderReply,
} from '@souk/contracts';
import type { RequestFacts } from '@souk/http';
import type { Requester } from '@souk/messaging';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { jobIdOf } from './job-id';

/**
 * How long a job may still be applied after the client's wait has ended, in milliseconds. Later deliveries are dropped: the
 * client has already received "outcome unknown".
 */
const LATE_MS = 30_000;

/** The job's caller and deadline. */
export interface JobRequest {
  operationId: string;
  /** The client or order that the request acts for; idempotency keys are scoped to it. */
  actsFor: string;
  actor: string;
  facts: RequestFacts;
  /** The client's wait in milliseconds; if the answer timeout is longer, that applies instead. */
  waitMs?: number;
}

/** The fields that every job carries in addition to its data. */
interface JobTerms {
  fingerprint?: string | undefined;
  notAfter: number;
}

/** Sends a job to the cart worker and waits for its reply. */
type SendJob<Reply> = <Data extends JobTerms>(
  declaration: MessageDeclaration<string, z.ZodType<Data>>,
  data: Omit<Data, keyof JobTerms>,
  request: JobRequest & { id?: string },
) => Promise<Reply>;

/** Sending throws AppError `unavailable` if nothing was done, `timeout` if the outcome is unknown. */
export interface CartJobs {
  /** The job's id, known before the job is sent. The order of a checkout has the same id. */
  idOf(request: JobRequest): string;
  /** Sends a job that changes a cart. */
  changeCart: SendJob<CartChangeReply>;
  /** Sends a job that creates or cancels an order. */
  changeOrder: SendJob<OrderReply>;
}

/** Creates a W3C trace context, not sampled, for a request that has none. */
function newTraceparent(): string {
  const hex = randomUUID().replaceAll('-', '') + randomUUID().replaceAll('-', '');
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-00`;
}

export function createCartJobs(requester: Requester, { answerTimeoutMs }: { answerTimeoutMs: number }): CartJobs {
  const idOf = ({ operationId, actsFor, facts }: JobRequest) =>
    jobIdOf({ operationId, actsFor }, facts.idempotency?.key);

  const send: SendJob<unknown> = (declaration, data, request) => {
    const { actor, facts, waitMs = 0, id = idOf(request) } = request;
    const { correlationId, idempotency } = facts;
    const timeoutMs = Math.max(waitMs, answerTimeoutMs);
    const terms: JobTerms = {
      notAfter: Date.now() + timeoutMs + LATE_MS,
      ...(idempotency ? { fingerprint: idempotency.fingerprint } : {}),
    };
    const traceparent = facts.traceparent ?? newTraceparent();
    const job = createMessage(
      declaration as MessageDeclaration,
      { ...data, ...terms },
      { id, actor, correlationId, causationId: correlationId, traceparent },
    );
    return requester.request(cartJobsQueue.name, job, { timeoutMs, isPersistent: true });
  };

  return {
    idOf,
    changeCart: async (...job) => cartChangeReplySchema.parse(await send(...job)),
    changeOrder: async (...job) => orderReplySchema.parse(await send(...job)),
  };
}
