import { eventually } from '@souk/testing';
import type { Channel } from 'amqplib';
import { countQueue, silentLogger, startTestMessaging, type TestMessaging } from '../../test/start-test-messaging';
import { openChannel } from './open-channel';

let messaging: TestMessaging;
let channel: Channel;

beforeEach(async () => {
  messaging = await startTestMessaging('stop', (broker) =>
    broker.onSetup(async (model, step) => {
      channel = await openChannel(model, silentLogger, step);
    }),
  );
});

afterEach(() => messaging.stop());

test('a broker that stops first sends everything that its channels were given', async () => {
  const large = Buffer.alloc(500_000, '.');
  for (let n = 0; n < 20; n++) channel.sendToQueue(countQueue.name, large, { persistent: true });
  await messaging.broker.stop();
  await eventually(async () => expect(await messaging.server.messages(countQueue.name)).toBe(20));
});
