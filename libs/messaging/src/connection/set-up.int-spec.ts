import { createLogger } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { count, countMessage, countQueue } from '../../test/start-test-messaging';
import { consumeBatches } from '../consuming/batch-consumer';
import { DONE } from '../consuming/job-delivery';
import { outgoing } from '../publishing/outgoing';
import { createPublisher } from '../publishing/publisher';
import { createBroker, type Broker } from './broker';

const QUEUE_DECLARE_OK = Buffer.from([0, 50, 0, 11]);

let server: TestBroker;
let broker: Broker;

beforeEach(async () => {
  server = await createTestBroker('setup');
});

afterEach(async () => {
  await broker.stop();
  await server.drop();
});

test('a queue that is not declared in time is named in the log and does not block consumers forever', async () => {
  let isHanging = true;
  server.alterAnswers((chunk) =>
    isHanging && chunk.includes(QUEUE_DECLARE_OK) && chunk.includes(countQueue.name) ? Buffer.alloc(0) : chunk,
  );
  const logger = createLogger('test', 'silent');
  const reported: unknown[] = [];
  logger.error = (fields: unknown) => void reported.push(fields);
  broker = createBroker({ url: server.url, name: 'test', logger, setUpStepTimeoutMs: 1_500 });
  const publisher = createPublisher(broker, logger, { consumes: [countQueue] });
  const handledNumbers: number[] = [];
  consumeBatches(broker, {
    queue: countQueue,
    messages: [count],
    batchMax: 10,
    logger,
    publisher,
    handle: (batch) => {
      handledNumbers.push(...batch.map(({ message }) => message.data.n));
      return Promise.resolve(batch.map(() => DONE));
    },
  });
  broker.start();
  const reason = 'declaring the queue cart-worker.jobs.dead: no answer within 1500 ms';
  await eventually(() => expect(reported).toEqual([{ reason }]));
  isHanging = false;
  await eventually(() => broker.ping());
  await publisher.publish([outgoing(countQueue, countMessage({ n: 1 }))]);
  await eventually(() => expect(handledNumbers).toEqual([1]));
});

test('a broker connection stops in time while a set-up hangs', async () => {
  let isDeclaring = false;
  server.alterAnswers((chunk) => {
    isDeclaring ||= chunk.includes(QUEUE_DECLARE_OK);
    return isDeclaring ? Buffer.alloc(0) : chunk;
  });
  const logger = createLogger('test', 'silent');
  broker = createBroker({ url: server.url, name: 'test', logger });
  createPublisher(broker, logger, { consumes: [countQueue] });
  broker.start();
  await eventually(() => expect(isDeclaring).toBe(true));
  const startedAt = Date.now();
  await broker.stop();
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});
