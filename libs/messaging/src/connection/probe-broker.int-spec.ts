import { createLogger } from '@souk/service';
import { createTestBroker, eventually, type TestBroker } from '@souk/testing';
import { createBroker, type Broker } from './broker';

let server: TestBroker;
let broker: Broker;
let errors: unknown[];
let warnings: string[];

beforeEach(async () => {
  server = await createTestBroker('probe');
  errors = [];
  warnings = [];
  const logger = createLogger('test', 'silent');
  logger.error = (fields: unknown) => void errors.push(fields);
  logger.warn = (text: unknown) => {
    if (typeof text === 'string') warnings.push(text);
  };
  broker = createBroker({ url: server.url, name: 'test', logger });
});

afterEach(async () => {
  await broker.stop();
  await server.drop();
});

/** Replaces part of the broker's self-description with text of the same length. */
const pretend = (actual: RegExp, replacement: (actual: string) => string) =>
  server.alterAnswers((chunk) => Buffer.from(chunk.toString('latin1').replace(actual, replacement), 'latin1'));
const pretendVersion = (digit: string) =>
  pretend(/version.{5}\d+\.\d+/s, (actual) => actual.replace(/\d+\.\d+$/, (series) => series.replace(/\d/g, digit)));

test('a supported broker is accepted without a warning', async () => {
  broker.start();
  await eventually(() => broker.ping());
  expect([errors, warnings]).toEqual([[], []]);
});

test.each([
  ['is not RabbitMQ', /RabbitMQ/, 'OtherMQ!', /the broker is OtherMQ!; Souk needs RabbitMQ's quorum queues/],
  ['does not confirm messages', /publisher_confirms/, 'publisher_confirm!', /the broker does not confirm messages/],
])('a broker that %s is refused; its replacement is accepted', async (_, actual, replacement, reason) => {
  pretend(actual, () => replacement);
  broker.start();
  await eventually(() => expect(errors).toEqual([{ reason: expect.stringMatching(reason) as string }]));
  await expect(broker.ping()).rejects.toMatchObject({ kind: 'unavailable' });
  server.alterAnswers((chunk) => chunk);
  await eventually(() => broker.ping());
});

test('a version that is known not to work is refused', async () => {
  pretendVersion('0');
  broker.start();
  const reason = expect.stringMatching(/does not work: it has no at-least-once dead letters/) as string;
  await eventually(() => expect(errors).toEqual([{ reason }]));
});

test('an untested version causes a warning', async () => {
  pretendVersion('9');
  broker.start();
  await eventually(() => broker.ping());
  expect(warnings).toEqual([expect.stringMatching(/: Souk is tested with RabbitMQ/)]);
});
