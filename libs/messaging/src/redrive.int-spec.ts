import { deadLetterQueue } from '@souk/contracts';
import { eventually } from '@souk/testing';
import type { GetMessage } from 'amqplib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  countMessage,
  countQueue,
  startTestMessaging,
  type Count,
  type TestMessaging,
} from '../test/start-test-messaging';
import { encode, TO_QUEUE, type Outgoing } from './publishing/outgoing';
import { redrive, redriveCommand } from './redrive';

const DEAD = deadLetterQueue(countQueue.name);
const AGE_MAX = { ageMaxHours: 720 };

let messaging: TestMessaging;

beforeEach(async () => {
  messaging = await startTestMessaging('redrive');
});

afterEach(() => messaging.stop());

const deadLetter = (data: Count['data'], overrides: { occurredAt?: string } = {}): Outgoing => ({
  exchange: TO_QUEUE,
  routingKey: DEAD,
  content: encode({ ...countMessage(data), ...overrides }),
  properties: { headers: { 'x-reason': 'bad data', 'x-attempts': 5 }, messageId: String(data.n) },
});

const drained = async (queue: string) =>
  (await messaging.server.drain(queue)).map(({ content }) => JSON.parse(content.toString()) as Count);

const returnCountOf = (message: GetMessage | undefined) =>
  Number(message?.properties.headers?.['x-delivery-count'] ?? 0);

test('dead letters go back to their queue as new jobs with a new time limit', async () => {
  await messaging.publisher.publish([deadLetter({ n: 1, notAfter: 1_000 }), deadLetter({ n: 2 })]);
  expect(await redrive(messaging.server.url, countQueue.name, AGE_MAX)).toEqual({ redriven: 2, refused: 0 });
  const [first, second] = await drained(countQueue.name);
  expect(first?.data.notAfter).toBeGreaterThan(Date.now());
  expect(second?.data).toEqual({ n: 2 });
  expect(await messaging.server.messages(DEAD)).toBe(0);
});

describe('the command', () => {
  const options = { queue: countQueue.name, queues: [countQueue.name], ...AGE_MAX };
  let output: string[];

  beforeEach(() => {
    output = [];
    for (const stream of ['log', 'error'] as const)
      jest.spyOn(console, stream).mockImplementation((...parts: unknown[]) => void output.push(parts.join(' ')));
  });

  afterEach(() => jest.restoreAllMocks());

  test('reads the address of the broker from a file, as the worker does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-redrive-'));
    const file = join(folder, 'url');
    writeFileSync(file, `${messaging.server.url}\n`);
    await messaging.publisher.publish([deadLetter({ n: 1 })]);
    const code = await redriveCommand({ RABBITMQ_URL_FILE: file }, options).finally(() =>
      rmSync(folder, { recursive: true }),
    );
    expect([code, output]).toEqual([
      0,
      [`1 redriven to ${countQueue.name}, 0 refused as too old (they stay in ${DEAD})`],
    ]);
  });

  test.each([
    ['without the address of the broker', {}, options, /^1 invalid setting:\n {2}RABBITMQ_URL: /],
    ['without a queue', { RABBITMQ_URL: 'amqp://x' }, { ...options, queue: undefined }, /^usage: redrive QUEUE/],
    ['with an unknown queue', { RABBITMQ_URL: 'amqp://x' }, { ...options, queue: 'x' }, /one of: cart-worker.jobs$/],
  ])('says what is wrong %s', async (_case, env, given, message) => {
    expect(await redriveCommand(env, given)).toBe(2);
    expect(output).toEqual([expect.stringMatching(message)]);
  });
});

test('a dead letter that is too old stays in the dead-letter queue and is never requeued', async () => {
  const { server, publisher } = messaging;
  await publisher.publish([deadLetter({ n: 1 }, { occurredAt: '2020-01-01T00:00:00.000Z' }), deadLetter({ n: 2 })]);
  expect(await redrive(server.url, countQueue.name, AGE_MAX)).toEqual({ redriven: 1, refused: 1 });
  for (let run = 0; run < 25; run++)
    expect(await redrive(server.url, countQueue.name, AGE_MAX)).toEqual({ redriven: 0, refused: 1 });
  await eventually(async () => expect(await server.messages(DEAD)).toBe(1));
  const [refused] = await server.drain(DEAD);
  // A broker deletes a message that is returned too often: by default, after 20 times.
  expect(returnCountOf(refused)).toBe(0);
  expect(refused?.properties).toMatchObject({ messageId: '1', headers: { 'x-reason': 'bad data', 'x-attempts': 5 } });
});

test('dead letters stay where they are if their queue does not exist', async () => {
  const { server, publisher } = messaging;
  await publisher.publish([deadLetter({ n: 1 })]);
  await server.deleteQueue(countQueue.name);
  await expect(redrive(server.url, countQueue.name, AGE_MAX)).rejects.toThrow('cart-worker.jobs does not exist');
  const letters = await server.drain(DEAD);
  expect(letters.map(({ properties }) => properties.messageId as string)).toEqual(['1']);
  expect(returnCountOf(letters[0])).toBe(0);
});

test('a full queue refuses the copy, and the dead letter stays where it is', async () => {
  const { server, publisher } = messaging;
  await server.limitQueue(countQueue.name, 1);
  await publisher.publish(Array.from({ length: 20 }, (_, n) => deadLetter({ n })));
  await expect(redrive(server.url, countQueue.name, AGE_MAX)).rejects.toThrow('cart-worker.jobs refused');
  await eventually(async () => {
    const total = (await server.messages(DEAD)) + (await server.messages(countQueue.name));
    expect(total).toBe(20);
  });
});
