import { connect, type Channel, type ChannelModel, type GetMessage } from 'amqplib';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createCuttableProxy } from './cuttable-proxy';
import { REPOSITORY, testEngines, type Engines } from './engines';

export interface TestBroker {
  url: string;
  /** The number of messages that are ready in a queue. */
  messages(queue: string): Promise<number>;
  /** Removes all messages that are ready in a queue. */
  drain(queue: string): Promise<GetMessage[]>;
  /** Cuts every connection made through `url`. */
  cutConnections(): void;
  /** Blocks every connection made through `url`, as the broker does to publishers when it is short of memory or disk. */
  blockConnections(): void;
  /** Blocks every connection made through `url` as soon as it publishes, as the broker does during an alarm. */
  blockPublishing(): void;
  /** Applies `change` to each chunk that the broker sends through `url`. */
  alterAnswers(change: (chunk: Buffer) => Buffer): void;
  /** Limits a queue as an operator's policy would. Queues bound to an exchange use `drop-head`. */
  limitQueue(queue: string, maxLength: number, overflow?: 'reject-publish' | 'drop-head'): Promise<void>;
  deleteQueue(queue: string): Promise<void>;
  drop(): Promise<void>;
}

/** `connection.blocked` with the reason `low on memory`. Source: https://www.rabbitmq.com/docs/connection-blocked */
const BLOCKED_REASON = Buffer.from('low on memory');
export const BLOCKED_FRAME = Buffer.concat([
  Buffer.from([1, 0, 0, 0, 0, 0, 5 + BLOCKED_REASON.length, 0, 10, 0, 60, BLOCKED_REASON.length]),
  BLOCKED_REASON,
  Buffer.from([0xce]),
]);

/** Class and method of `basic.publish`. */
const BASIC_PUBLISH = Buffer.from([0, 60, 0, 40]);

interface Policy {
  name: string;
  pattern: string;
  'apply-to': string;
  definition: Record<string, unknown>;
  priority: number;
}

/**
 * Creates a virtual host for one test file, with the policies that operators get.
 * @param engine default: the broker that all tests share
 */
export async function createTestBroker(purpose: string, engine = testEngines().rabbitmq): Promise<TestBroker> {
  const { host, port, user, password } = engine;
  const vhost = `t_${purpose}_${randomBytes(5).toString('hex')}`;
  const proxy = await createCuttableProxy({ host, port });
  const api = managementApi(engine);
  await createVirtualHost(api, vhost, user);
  const credentials = `${user}:${encodeURIComponent(password)}`;
  // For counting messages, because the management API's figures are seconds old.
  const admin = await connect(`amqp://${credentials}@${host}:${port}/${vhost}`, { noDelay: true });

  return {
    url: `amqp://${credentials}@127.0.0.1:${proxy.port}/${vhost}`,
    messages: (queue) => onChannel(admin, async (channel) => (await channel.checkQueue(queue)).messageCount),
    drain: (queue) => onChannel(admin, (channel) => drain(channel, queue)),
    cutConnections: () => proxy.cut(),
    blockConnections: () => proxy.stopReading(BLOCKED_FRAME),
    blockPublishing: () =>
      proxy.alterRequests((chunk) => {
        if (!chunk.includes(BASIC_PUBLISH)) return chunk;
        proxy.stopReading(BLOCKED_FRAME);
        return Buffer.alloc(0);
      }),
    alterAnswers: (change) => proxy.alter(change),
    limitQueue: async (queue, maxLength, overflow = 'reject-publish') => {
      await api('PUT', `/policies/${vhost}/test-limit`, {
        pattern: `^${queue.replaceAll('.', '\\.')}$`,
        'apply-to': 'queues',
        priority: 99,
        definition: {
          'max-length': maxLength,
          overflow,
          ...(overflow === 'reject-publish' ? { 'dead-letter-strategy': 'at-least-once' } : {}),
        },
      });
    },
    deleteQueue: async (queue) => void (await onChannel(admin, (channel) => channel.deleteQueue(queue))),
    drop: async () => {
      await proxy.close();
      await admin.close();
      await api('DELETE', `/vhosts/${vhost}`);
    },
  };
}

/** Calls the management API. @returns the body; undefined if there is none, or for a 404 */
type ManagementApi = (method: string, path: string, body?: unknown) => Promise<unknown>;

function managementApi({ host, managementPort, user, password }: Engines['rabbitmq']): ManagementApi {
  const headers = { 'content-type': 'application/json' };
  return async (method, path, body) => {
    // A connection for each call: the broker may close an idle one at the moment of its next use, which `fetch` reports as an error.
    const options = { host, port: managementPort, path: `/api${path}`, method, headers, auth: `${user}:${password}` };
    const call = request({ ...options, agent: false }).end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    const answer = await text(response);
    const { statusCode = 0 } = response;
    if (statusCode === 404) return undefined;
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${answer}`);
    return answer === '' ? undefined : (JSON.parse(answer) as unknown);
  };
}

async function createVirtualHost(api: ManagementApi, vhost: string, user: string): Promise<void> {
  await api('PUT', `/vhosts/${vhost}`);
  await api('PUT', `/permissions/${vhost}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  const definitions = JSON.parse(readFileSync(resolve(REPOSITORY, 'deploy/rabbitmq/definitions.json'), 'utf8')) as {
    policies: Policy[];
  };
  for (const { name, ...policy } of definitions.policies)
    await api('PUT', `/policies/${vhost}/${encodeURIComponent(name)}`, policy);
}

async function onChannel<T>(connection: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  const result = await work(channel);
  await channel.close();
  return result;
}

async function drain(channel: Channel, queue: string): Promise<GetMessage[]> {
  const messages: GetMessage[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return messages;
    messages.push(message);
  }
}
