import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import {
  breakOff,
  failWith,
  answerWith,
  startTestService,
  type ScriptedAnswer,
  type TestService,
} from '../test/start-test-service';
import { createCartApiClient } from './client';
import type { Order } from './generated/cart-api';
import type { CallOptions, ClientOptions } from './options';

const order = (status: Order['status'], updatedAt = status): Order => ({
  orderID: 'o',
  clientID: 'c',
  status,
  error: '',
  code: '',
  items: [],
  total: '1.00',
  currency: 'USD',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt,
});

let service: TestService;
beforeAll(async () => void (service = await startTestService()));
afterAll(() => service.stop());

const write = (response: ServerResponse, orders: Order[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const state of orders) response.write(`event: status\ndata: ${JSON.stringify(state)}\n\n: keep-alive\n\n`);
  return response;
};
const stream =
  (...orders: Order[]): ScriptedAnswer =>
  (response) =>
    void write(response, orders).end();
/** A stream that stays open. */
const openStream =
  (...orders: Order[]): ScriptedAnswer =>
  (response) =>
    void write(response, orders).flushHeaders();
const brokenStream =
  (...orders: Order[]): ScriptedAnswer =>
  (response) =>
    void write(response, orders).write('event: sta', () => setTimeout(() => response.destroy(), 20));

const events = (options: Partial<ClientOptions> = {}, call: CallOptions = {}) =>
  createCartApiClient({
    url: service.url,
    retry: { initialMs: 1, maxMs: 2, attemptsMax: 4 },
    ...options,
  }).orderEvents({ orderID: 'o' }, call);

async function statuses(source: AsyncIterable<Order>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { status } of source) seen.push(status);
  return seen;
}

test('the events deliver the current state of the order, then each change, and end when the order settles', async () => {
  service.script(stream(order('processing'), order('completed')));
  expect(await statuses(events())).toEqual(['processing', 'completed']);
  expect(service.received).toMatchObject([
    { method: 'GET', path: '/orders/o/events', headers: { accept: 'text/event-stream' } },
  ]);
});

test('the final state ends the events even if the stream stays open', async () => {
  service.script(openStream(order('failed')));
  expect(await statuses(events())).toEqual(['failed']);
});

test.each<[string, ScriptedAnswer]>([
  ['breaks', brokenStream(order('processing'))],
  ['ends too early', stream(order('processing'))],
  ['is silent for too long', openStream(order('processing'))],
])('a stream that %s is reopened, and no state is delivered twice', async (_name, first) => {
  service.script(first, breakOff, failWith(503, 'UNAVAILABLE'), first, stream(order('processing'), order('completed')));
  expect(await statuses(events({ silenceMaxMs: 150 }))).toEqual(['processing', 'completed']);
  expect(service.received).toHaveLength(5);
});

test('the number of consecutive failed attempts is bounded', async () => {
  service.script(breakOff);
  await expect(statuses(events())).rejects.toMatchObject({ name: 'NoAnswerError', attempts: 4 });
  service.script(failWith(503, 'UNAVAILABLE'));
  await expect(statuses(events())).rejects.toMatchObject({ name: 'FailureError', failure: { code: 'UNAVAILABLE' } });
  expect(service.received).toHaveLength(4);
});

test('an unknown order causes a FailureError at once', async () => {
  service.script(failWith(404, 'ORDER_NOT_FOUND'));
  await expect(statuses(events())).rejects.toMatchObject({
    name: 'FailureError',
    failure: { code: 'ORDER_NOT_FOUND' },
    facts: { status: 404 },
  });
  expect(service.received).toHaveLength(1);
});

test('an answer other than a stream of events causes an UnexpectedAnswerError', async () => {
  service.script(answerWith(200, {}));
  await expect(statuses(events())).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
});

test('a signal ends the events with its reason, and leaving the loop closes the connection', async () => {
  const expectClosed = async (leave: (controller: AbortController) => Promise<unknown>) => {
    let closed: Promise<unknown> = Promise.resolve();
    service.script((response, received) => {
      closed = once(response, 'close');
      openStream(order('processing'))(response, received);
    });
    await leave(new AbortController());
    await closed;
  };
  const reason = new Error('the customer left');
  await expectClosed(async (controller) => {
    const source = events({}, { signal: controller.signal });
    expect((await source.next()).value).toMatchObject({ status: 'processing' });
    const next = source.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
  await expectClosed(async () => {
    for await (const state of events()) {
      expect(state.status).toBe('processing');
      break;
    }
  });
});

test('no request is sent before the events are read', () => {
  service.script(breakOff);
  events();
  expect(service.received).toEqual([]);
});
