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
