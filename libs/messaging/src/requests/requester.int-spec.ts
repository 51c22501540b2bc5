import {
  countMessage,
  countQueue,
  silentLogger,
  startTestMessaging,
  type TestMessaging,
} from '../../test/start-test-messaging';
import { createRequester, type Requester } from './requester';

let messaging: TestMessaging;
let requester: Requester;

beforeEach(async () => {
  messaging = await startTestMessaging('requests', (broker) => {
    requester = createRequester(broker, { logger: silentLogger, queues: [countQueue] });
  });
});

afterEach(() => messaging.stop());

test.each([true, false])(
  'a request to a deleted queue fails at once as unavailable (persistent: %s)',
  async (isPersistent) => {
    await messaging.server.deleteQueue(countQueue.name);
    const request = requester.request(countQueue.name, countMessage({ n: 1 }), { timeoutMs: 5_000, isPersistent });
    const startedAt = Date.now();
    await expect(request).rejects.toMatchObject({ kind: 'unavailable' });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  },
);
