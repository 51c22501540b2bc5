import { createMessage, declareMessage, type JobQueue, type MessageOf } from '@souk/contracts';
import { createLogger } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { z } from 'zod';
import { createBroker, type Broker } from '../src/connection/broker';
import { createPublisher, type Publisher } from '../src/publishing/publisher';

export const count = declareMessage({
  type: 'count',
  version: 1,
  summary: '',
  data: z.object({ n: z.number(), notAfter: z.number().optional() }),
});
export type Count = MessageOf<typeof count>;

export const countQueue: JobQueue = { kind: 'jobs', name: 'cart-worker.jobs', summary: '', messages: [count] };

export const countMessage = (data: Count['data']) =>
  createMessage(count, data, { actor: 'test', correlationId: 'c', causationId: 'c' });

export const silentLogger = createLogger('test', 'silent');

export interface TestMessaging {
  server: TestBroker;
  broker: Broker;
  /** Publishes on `broker`, which is connected and has declared `countQueue`. */
  publisher: Publisher;
  stop(): Promise<void>;
}

/**
 * Connects to a virtual host that only this test uses.
 * @param prepare registers further set-ups before the connection opens
 */
export async function startTestMessaging(purpose: string, prepare?: (broker: Broker) => void): Promise<TestMessaging> {
  const server = await createTestBroker(purpose);
  const broker = createBroker({ url: server.url, name: 'test', logger: silentLogger });
  const publisher = createPublisher(broker, silentLogger, { consumes: [countQueue] });
  prepare?.(broker);
  broker.start();
  await eventually(() => broker.ping());
  const stop = async () => {
    await broker.stop();
    await server.drop();
  };
  return { server, broker, publisher, stop };
}
