import { checkoutJobsQueue } from '@souk/contracts';
import { createTestBroker, eventually, testEngines, type TestBroker } from '@souk/testing';
import { connect } from 'amqplib';
import { rabbitmqDifferences } from './durability';

let broker: TestBroker;

beforeEach(async () => {
  broker = await createTestBroker('durability');
  const connection = await connect(broker.url);
  const channel = await connection.createChannel();
  await channel.assertQueue(checkoutJobsQueue.name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await connection.close();
});

afterEach(() => broker.drop());

/** Queries the management API for the test's virtual host; a running system uses `/`. */
async function query(path: string): Promise<unknown> {
  const { host, managementPort, user, password } = testEngines().rabbitmq;
  const vhost = new URL(broker.url).pathname.slice(1);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const url = `http://${host}:${managementPort}${path.replace('%2F', vhost)}`;
  return (await fetch(url, { headers: { authorization } })).json();
}

test('nothing is reported while our policies are in force', async () => {
  expect(await rabbitmqDifferences({ rabbitmq: query })).toEqual([]);
});

test('every difference that an overriding policy makes is reported', async () => {
  await broker.limitQueue(checkoutJobsQueue.name, 5);
  // The broker reports the old policy for some seconds.
  await eventually(
    async () =>
      expect(await rabbitmqDifferences({ rabbitmq: query })).toEqual([
        `RabbitMQ: max-length of the queue ${checkoutJobsQueue.name} is 5, must be 100000`,
        `RabbitMQ: delivery-limit of the queue ${checkoutJobsQueue.name} is not set, must be 100`,
      ]),
    30_000,
  );
}, 60_000);
