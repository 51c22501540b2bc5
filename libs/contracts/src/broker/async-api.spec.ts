import { Parser } from '@asyncapi/parser';
import { buildAsyncApi } from './async-api';
import { TOPOLOGY } from './topology';

const ERROR = 0;
const WARNING = 1;

test('the document is valid AsyncAPI 3.0 and names every queue, exchange and message', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(buildAsyncApi()));
  expect(
    diagnostics.filter(
      ({ severity }) => severity === (ERROR as typeof severity) || severity === (WARNING as typeof severity),
    ),
  ).toEqual([]);

  const queuesAndExchanges = [...TOPOLOGY.queues, ...TOPOLOGY.exchanges];
  const addresses = document!
    .channels()
    .all()
    .map((channel) => channel.address());
  expect(addresses).toEqual(expect.arrayContaining(queuesAndExchanges.map(({ name }) => name)));
  const documentedTypes = document!
    .components()
    .messages()
    .all()
    .map((message) => message.id());
  expect(documentedTypes).toEqual(
    expect.arrayContaining(queuesAndExchanges.flatMap(({ messages }) => messages.map(({ type }) => type))),
  );
  expect(document!.operations().all()).toHaveLength(queuesAndExchanges.length);
});

test('every queue and exchange says who may use it', async () => {
  const { document } = await new Parser().parse(JSON.stringify(buildAsyncApi()));
  const descriptionOf = (id: string) => document!.channels().get(id)!.description();
  expect(descriptionOf('cart-worker.jobs')).toContain('Only cart-api may send to it. Only cart-worker may consume it.');
  expect(descriptionOf('transactions')).toBe('Only wallet-api may publish to it.');
  expect(descriptionOf('cart-reply')).toContain('Only cart-worker may publish');
  for (const { name } of [...TOPOLOGY.queues, ...TOPOLOGY.exchanges])
    expect(descriptionOf(name)).toMatch(/Only [a-z-]+( and [a-z-]+)* may (publish|send|consume)/);
});

test('the payload of a message is an envelope around its data', async () => {
  const { document } = await new Parser().parse(JSON.stringify(buildAsyncApi()));
  const payload = document!
    .components()
    .messages()
    .all()
    .find((message) => message.id() === 'order.failed')!
    .payload()!;
  expect(payload.required()).toEqual(
    expect.arrayContaining(['id', 'type', 'version', 'occurredAt', 'correlationId', 'causationId', 'actor', 'data']),
  );
  expect(payload.property('type')!.const()).toBe('order.failed');
  expect(Object.keys(payload.property('data')!.properties()!)).toEqual(
    expect.arrayContaining(['orderID', 'status', 'items', 'shortages']),
  );
});
