import {
  COMMON_FAILURES,
  STOCK_MAX,
  type CartChangeReply,
  type JobRefusal,
  type Order,
  type OrderFailureCode,
  type OrderState,
} from '@souk/contracts';
import { statusFailures, type Answer, type RequestFacts } from '@souk/http';
import type { ProductRefusal, ProductResult } from './products';
import type { OrderRefusal, OrderResult } from './wait-for-order';

const STATUS_OF_REFUSAL: Record<JobRefusal['code'], number> = {
  INVALID_REQUEST: 400,
  PRODUCT_NOT_FOUND: 404,
  CART_FULL: 409,
  INSUFFICIENT_STOCK: 409,
  CART_EMPTY: 409,
  ORDER_NOT_FOUND: 404,
  TOTAL_CHANGED: 409,
};

const STATUS_OF_ORDER_FAILURE: Record<OrderFailureCode, number> = {
  PAYMENT_DECLINED: 402,
  INSUFFICIENT_STOCK: 409,
  RESERVATION_EXPIRED: 409,
  ORDER_TOO_LARGE: 409,
  CANCELLED: 409,
};

/** The fields that every successful answer to a change has. */
const SUCCESS = { status: 'success', error: '' };

const failed = (status: number, code: string, message: string, details: Record<string, unknown> = {}): Answer => ({
  status,
  body: statusFailures.body({ status, code, message, details }),
});

/** Only a request with an idempotency key can be a replay; a redelivered job isn't a replay. */
const replayedHeader = (isReplayed: boolean, { idempotency }: RequestFacts): Record<string, string> =>
  isReplayed && idempotency ? { 'Idempotency-Replayed': 'true' } : {};

/** The answer to a change of a cart. */
export function answerCartChange(reply: CartChangeReply, facts: RequestFacts): Answer {
  if (reply.outcome !== 'done') return answerRefusal(reply, facts);
  return { status: 200, body: SUCCESS, headers: replayedHeader(reply.replayed, facts) };
}

function answerRefusal(reply: OrderRefusal, facts: RequestFacts): Answer {
  switch (reply.outcome) {
    case 'refused': {
      const { outcome: _, code, message, replayed, ...details } = reply;
      return { ...failed(STATUS_OF_REFUSAL[code], code, message, details), headers: replayedHeader(replayed, facts) };
    }
    case 'mismatch':
      return keyMismatch();
    case 'expired':
      return keyExpired(reply.orderID === undefined ? {} : { orderID: reply.orderID });
  }
}

function keyMismatch(): Answer {
  const { status, code, message } = COMMON_FAILURES.keyMismatch;
  return failed(status, code, message);
}

function keyExpired(details: Record<string, unknown> = {}): Answer {
  const { status, code, message } = COMMON_FAILURES.keyExpired;
  return failed(status, code, message, details);
}

/** The answer to a product change. */
export function answerProduct(result: ProductResult, facts: RequestFacts): Answer {
  const headers = replayedHeader(result.isReplayed, facts);
  if (result.state === 'done') return { status: 200, body: { ...SUCCESS, ...result.product }, headers };
  return { ...refuseProduct(result), headers };
}

function refuseProduct(refusal: ProductRefusal): Answer {
  switch (refusal.state) {
    case 'stock_reserved': {
      const { reserved } = refusal;
      const message = `${reserved} are reserved; the stock cannot be set below that`;
      return failed(409, 'STOCK_RESERVED', message, { reserved });
    }
    case 'condition_failed':
      return failed(412, 'PRECONDITION_FAILED', 'The product has changed since it was read; read it again');
    case 'unknown_product':
      return failed(404, 'PRODUCT_NOT_FOUND', 'There is no such product');
    case 'too_much': {
      const message = `must not raise the stock above ${STOCK_MAX}`;
      return failed(400, 'INVALID_REQUEST', `delta ${message}`, { fields: [{ field: 'delta', message }] });
    }
    case 'id_mismatch':
      return keyMismatch();
    case 'id_expired':
      return keyExpired();
  }
}

export const answerCheckOut = (result: OrderResult, facts: RequestFacts) => answerWith(answerOrder, result, facts);

export const answerCancel = (result: OrderResult, facts: RequestFacts) => answerWith(answerCancelled, result, facts);

/** @param answerState returns the answer for an order in its current state */
function answerWith(answerState: (order: OrderState) => Answer, result: OrderResult, facts: RequestFacts): Answer {
  if (result.kind === 'refused') return answerRefusal(result.reply, facts);
  const { applied } = facts.prefer;
  const answer = answerState(result.order);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...replayedHeader(result.isReplayed, facts),
      ...(applied ? { 'Preference-Applied': applied } : {}),
    },
  };
}

function answerOrder({ orderID, status, code, error, total, currency, shortages, reason }: OrderState): Answer {
  switch (status) {
    case 'completed':
      return { status: 200, body: { ...SUCCESS, orderID, total, currency } };
    case 'processing':
      return {
        status: 202,
        body: { status, error: '', orderID },
        headers: { Location: `/orders/${orderID}` },
      };
    case 'failed': {
      if (code === '') throw new Error(`order ${orderID} failed without a code`);
      return failed(STATUS_OF_ORDER_FAILURE[code], code, error, {
        orderID,
        ...(shortages ? { items: shortages } : {}),
        ...(reason ? { reason } : {}),
      });
    }
  }
}

function answerCancelled(order: OrderState): Answer {
  const { orderID, status, code } = order;
  if (status === 'processing') return answerOrder(order);
  if (code === 'CANCELLED') return { status: 200, body: presentOrder(order) };
  return failed(409, 'ORDER_ENDED', `The order has ${status}; it can no longer be cancelled`, { orderID });
}

/** An order as clients see it. */
export function presentOrder({ shortages: _shortages, reason: _reason, ...order }: OrderState): Order {
  return order;
}
