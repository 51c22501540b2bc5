import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

export type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** A client of one of the APIs that returns every reply unchanged. Rejects if the connection breaks. */
export function createShopClient(url: string, adminKey = ''): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(adminKey === '' ? {} : { 'x-api-key': adminKey }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(70_000),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    };
  };
}

const RETRY_MS = 100;
const TRIES_MAX = 600;

/** Polls an order until it has ended. */
export async function finalOrder(send: Send, orderID: string): Promise<Record<string, unknown>> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const answer = await send('GET', `/orders/${orderID}`).catch(() => undefined);
    if (answer?.status === 200 && answer.body['status'] !== 'processing') return answer.body;
    await delay(RETRY_MS);
  }
  throw new Error(`order ${orderID} never settled`);
}
