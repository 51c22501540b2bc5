import { createMessage, deadLetterQueue, declareMessage, type JobQueue, type TopicExchange } from '@souk/contracts';
import { createLogger } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { z } from 'zod';
import { outgoing } from '../publishing/outgoing';
import { createPublisher, type Publisher } from '../publishing/publisher';
import { createBroker, type Broker } from './broker';

const happened = declareMessage({ type: 'happened', version: 1, summary: '', data: z.object({ n: z.number() }) });
const ignored = declareMessage({ ...happened, type: 'ignored' });
const exchange: TopicExchange = { kind: 'topic', name: 'happenings', summary: '', messages: [happened, ignored] };
const boundQueue = (name: string): JobQueue => ({
  kind: 'jobs',
  name: `${name}.happenings`,
  summary: '',
  messages: [happened],
  binding: { exchange, routingKeys: ['happened'] },
});
const [absent, present] = [boundQueue('absent'), boundQueue('present')];
const origin = { actor: 'test', correlationId: 'c', causationId: 'c' };
const message = (n: number) => outgoing(exchange, createMessage(happened, { n }, origin));

let server: TestBroker;
let broker: Broker;
let publisher: Publisher;

beforeEach(async () => {
  server = await createTestBroker('bound');
  broker = createBroker({ url: server.url, name: 'test', logger: createLogger('test', 'silent') });
  publisher = createPublisher(broker, createLogger('test', 'silent'), { consumes: [absent, present] });
  broker.start();
  await eventually(() => broker.ping());
});

afterEach(async () => {
  await broker.stop();
  await server.drop();
});

const drainedNumbers = async (queue: string) =>
  (await server.drain(queue)).map(({ content }) => (JSON.parse(content.toString()) as { data: { n: number } }).data.n);

test('each queue bound to an exchange gets its own copy of the messages it subscribes to', async () => {
  await publisher.publish([message(1), outgoing(exchange, createMessage(ignored, { n: 2 }, origin)), message(3)]);
  for (const { name } of [absent, present]) await eventually(async () => expect(await server.messages(name)).toBe(2));
  expect(await drainedNumbers(present.name)).toEqual([1, 3]);
});

test('a queue without a consumer blocks neither publishers nor other queues: it drops its oldest messages for good', async () => {
  await server.limitQueue(absent.name, 2, 'drop-head');
  for (let n = 0; n < 50; n++) await publisher.publish([message(n)]);
  await eventually(async () => expect(await server.messages(present.name)).toBe(50));
  await eventually(async () => expect(await server.messages(absent.name)).toBe(2));
  expect(await drainedNumbers(absent.name)).toEqual([48, 49]);
  expect(await server.messages(deadLetterQueue(absent.name))).toBe(0);
});
