import { addToCartJob, cartJobsQueue, createMessage, type CartJob } from '@souk/contracts';
import { createBroker, createPublisher, outgoing, type BatchConsumer, type Broker } from '@souk/messaging';
import { createLogger, createMetrics } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { consumeCartJobs } from './jobs';
import { createWorkerMetrics } from './worker-metrics';

let server: TestBroker;
let broker: Broker;
let consumer: BatchConsumer;

beforeEach(async () => {
  server = await createTestBroker('late');
});

afterEach(async () => {
  await consumer.stop();
  await broker.stop();
  await server.drop();
});

test('jobs that arrive after their notAfter are dropped, counted and reported once, and the others are applied', async () => {
  const logger = createLogger('test', 'silent');
  const warn = jest.spyOn(logger, 'warn');
  const registry = createMetrics('cart-worker');
  const metrics = createWorkerMetrics(registry);
  broker = createBroker({ url: server.url, name: 'test', logger });
  const publisher = createPublisher(broker, logger, { consumes: [cartJobsQueue] });
  const applied: string[] = [];
  const apply = (jobs: CartJob[]) => {
    applied.push(...jobs.map(({ id }) => id));
    return Promise.resolve(jobs.map(() => ({ outcome: 'done', replayed: false }) as const));
  };
  const weigh = (jobs: CartJob[]) => Promise.resolve(jobs.map(() => 1));
  consumer = consumeCartJobs({ broker, publisher, logger, metrics, batchMax: 10 }, { apply, weigh });
  broker.start();
  await eventually(() => broker.ping());

  const send = (id: string, waitMs: number) => {
    const data = { clientID: 'c', productID: 'p', quantity: 1, notAfter: Date.now() + waitMs };
    const job = createMessage(addToCartJob, data, { id, actor: 'c', correlationId: id, causationId: id });
    return publisher.publish([outgoing(cartJobsQueue, job)]);
  };
  for (const id of ['late-1', 'late-2', 'late-3']) await send(id, -40_000);
  await send('timely', 40_000);
  await eventually(() => expect(applied).toEqual(['timely']));
  await eventually(async () => expect(await server.messages(cartJobsQueue.name)).toBe(0));
  expect(await registry.getSingleMetricAsString('souk_cart_jobs_dropped_total')).toMatch(/} 3$|total 3$/m);
  const reports = warn.mock.calls.filter(([, text]) => text?.startsWith('dropped jobs'));
  expect(reports).toHaveLength(1);
  expect((reports[0]![0] as { lateMs: number }).lateMs).toBeGreaterThanOrEqual(40_000);
});
