import { z } from 'zod';
import { BUNDLE_TYPE, bundleJsonSchema, REPLY_BUNDLE_TYPE, replyBundleJsonSchema } from '../declaration/bundle';
import { envelopeJsonSchema, type MessageDeclaration } from '../declaration/message';
import {
  deadLetterQueue,
  exchangeTo,
  REPLIES_EXCHANGE,
  RETRY_DELAYS_MS,
  retryQueue,
  TOPOLOGY,
  type JobQueue,
  type QueryQueue,
  type TopicExchange,
} from './topology';
import { BROKER_USERS, type BrokerUser } from './users';

type JsonSchema = Record<string, unknown>;
type DocumentPart = Record<string, unknown>;

const SCHEMAS = '#/components/schemas/';
const MESSAGES = '#/components/messages/';

const ref = (path: string) => ({ $ref: path });

/** The AsyncAPI 3.0 document for everything the broker carries. The same topology always gives the same document. */
export function buildAsyncApi(): DocumentPart {
  const { queues, exchanges } = TOPOLOGY;
  const schemas: Record<string, JsonSchema> = {};
  const replies = queues.flatMap(({ reply }) => (reply ? [reply] : []));
  const messages = [...queues, ...exchanges].flatMap((carrier) => carrier.messages);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Souk messages',
      version: '1.0.0',
      description:
        'The messages that the services exchange through RabbitMQ. Every message is an envelope around its data.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: { rabbitmq: { host: 'localhost:5672', protocol: 'amqp', protocolVersion: '0-9-1' } },
    channels: Object.fromEntries([
      ...queues.flatMap(queueChannels),
      ...exchanges.map(exchangeChannel),
      ...queues.flatMap(replyChannel),
    ]),
    operations: Object.fromEntries([...queues.map(consumeOperation), ...exchanges.map(publishOperation)]),
    components: {
      messages: Object.fromEntries([
        ...messages.map((message): [string, unknown] => [message.type, describeMessage(message, schemas)]),
        ...replies.map((reply): [string, unknown] => [
          reply.name,
          { title: reply.name, payload: hoistDefinitions(toJsonSchema(reply.schema), schemas) },
        ]),
        ...describeBundles(schemas),
      ]),
      schemas: sorted(schemas),
    },
  };
}

const messageRefs = (messages: readonly MessageDeclaration[]) =>
  Object.fromEntries(messages.map(({ type }) => [type, ref(MESSAGES + type)]));

/** Only the services send to these queues directly, so their messages may be bundles. */
const takesBundles = (queue: JobQueue | QueryQueue) => queue.kind === 'jobs' && !queue.binding;

const bundleRef = (name: string) => ({ [name]: ref(MESSAGES + name) });

function describeBundles(schemas: Record<string, JsonSchema>): [string, DocumentPart][] {
  const describe = (name: string, summary: string, schema: JsonSchema): [string, DocumentPart] => [
    name,
    { name, title: name, summary, payload: hoistDefinitions(schema, schemas) },
  ];
  return [
    describe(BUNDLE_TYPE, 'Several messages for one queue, each handled as if it had come alone.', bundleJsonSchema()),
    describe(REPLY_BUNDLE_TYPE, 'Replies to messages of bundles, for one caller.', replyBundleJsonSchema()),
  ];
}

const queueBinding = (name: string) => ({
  amqp: { is: 'queue', queue: { name, durable: true, exclusive: false, autoDelete: false }, bindingVersion: '0.3.0' },
});

const namesOf = (users: readonly BrokerUser[]) => users.map(({ name }) => name).join(' and ');

/** Describes in words who may use a queue and what it is bound to, because AsyncAPI has no fields for that. */
function describeQueue(queue: JobQueue | QueryQueue): { description: string } {
  const consumedBy = `Only ${namesOf(BROKER_USERS.filter(({ consumes }) => consumes.includes(queue)))} may consume it`;
  if (queue.kind === 'jobs' && queue.binding) {
    const { exchange, routingKeys } = queue.binding;
    const boundTo = `Bound to the exchange ${exchange.name} with the routing keys ${routingKeys.join(' and ')}.`;
    return { description: `${boundTo} When the queue is full, its oldest message is dropped. ${consumedBy}.` };
  }
  const senders = namesOf(BROKER_USERS.filter(({ sendsTo }) => sendsTo.includes(queue)));
  return {
    description: `Bound to the exchange ${exchangeTo(queue.name)}. Only ${senders} may send to it. ${consumedBy}.`,
  };
}

/** Describes in words who may use an exchange. */
function describeExchange(exchange: TopicExchange): { description: string } {
  const publishers = namesOf(BROKER_USERS.filter(({ publishesTo }) => publishesTo.includes(exchange)));
  return { description: `Only ${publishers} may publish to it.` };
}

function queueChannels(queue: JobQueue | QueryQueue): [string, DocumentPart][] {
  const { name, summary } = queue;
  const messages = { ...messageRefs(queue.messages), ...(takesBundles(queue) ? bundleRef(BUNDLE_TYPE) : {}) };
  const queueChannel: [string, DocumentPart] = [
    name,
    { address: name, summary, ...describeQueue(queue), messages, bindings: queueBinding(name) },
  ];
  if (queue.kind === 'queries') return [queueChannel];
  const deadLetters = deadLetterQueue(name);
  const retryChannels = RETRY_DELAYS_MS.map((delayMs): [string, DocumentPart] => {
    const retry = retryQueue(name, delayMs);
    const summary = `Messages that wait ${delayMs} ms before they return to ${name}.`;
    return [retry, { address: retry, summary, messages, bindings: queueBinding(retry) }];
  });
  const deadSummary = `Messages from ${name} that could not be processed, with the reason in the header x-reason.`;
  return [
    queueChannel,
    ...retryChannels,
    [deadLetters, { address: deadLetters, summary: deadSummary, messages, bindings: queueBinding(deadLetters) }],
  ];
}

const exchangeBinding = (name: string) => ({
  amqp: {
    is: 'routingKey',
    exchange: { name, type: 'topic', durable: true, autoDelete: false },
    bindingVersion: '0.3.0',
  },
});

const exchangeChannel = (exchange: TopicExchange): [string, DocumentPart] => {
  const { name, summary, messages } = exchange;
  const described = { address: name, summary, ...describeExchange(exchange), messages: messageRefs(messages) };
  return [name, { ...described, bindings: exchangeBinding(name) }];
};

/** A reply has no fixed address: each message names the queue for its reply. */
const replyChannel = (queue: JobQueue | QueryQueue): [string, DocumentPart][] => {
  if (!queue.reply) return [];
  const { name, summary } = queue.reply;
  const bundle = takesBundles(queue) ? bundleRef(REPLY_BUNDLE_TYPE) : {};
  const senders = namesOf(BROKER_USERS.filter(({ consumes }) => consumes.includes(queue)));
  const description = `Sent through the exchange ${REPLIES_EXCHANGE}. Only ${senders} may publish to it.`;
  const messages = { [name]: ref(MESSAGES + name), ...bundle };
  return [[name, { address: null, summary, description, messages, bindings: exchangeBinding(REPLIES_EXCHANGE) }]];
};

function consumeOperation(queue: JobQueue | QueryQueue): [string, DocumentPart] {
  const { name, summary, reply } = queue;
  const types = [...queue.messages.map(({ type }) => type), ...(takesBundles(queue) ? [BUNDLE_TYPE] : [])];
  const replyTypes = reply ? [reply.name, ...(takesBundles(queue) ? [REPLY_BUNDLE_TYPE] : [])] : [];
  const replies = reply && {
    address: { location: '$message.header#/replyTo', description: 'The AMQP property reply-to' },
    channel: ref(`#/channels/${reply.name}`),
    messages: replyTypes.map((type) => ref(`#/channels/${reply.name}/messages/${type}`)),
  };
  return [
    `consume ${name}`,
    {
      action: 'receive',
      channel: ref(`#/channels/${name}`),
      summary,
      messages: types.map((type) => ref(`#/channels/${name}/messages/${type}`)),
      ...(replies ? { reply: replies } : {}),
    },
  ];
}

const publishOperation = ({ name, summary, messages }: TopicExchange): [string, DocumentPart] => [
  `publish ${name}`,
  {
    action: 'send',
    channel: ref(`#/channels/${name}`),
    summary,
    messages: messages.map(({ type }) => ref(`#/channels/${name}/messages/${type}`)),
  },
];

function describeMessage(
  { type, version, summary, data }: MessageDeclaration,
  schemas: Record<string, JsonSchema>,
): DocumentPart {
  const envelope = hoistDefinitions(envelopeJsonSchema(), schemas);
  const properties = {
    ...(envelope['properties'] as JsonSchema),
    type: { const: type },
    version: { const: version },
    data: hoistDefinitions(toJsonSchema(data), schemas),
  };
  return {
    name: type,
    title: type,
    summary,
    correlationId: { location: '$message.payload#/correlationId' },
    payload: { ...envelope, properties },
  };
}

const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any' });

/** Moves the definitions inside a schema to `schemas`, which the whole document shares. */
function hoistDefinitions(
  { $schema: _, definitions, ...schema }: JsonSchema,
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const withComponentRefs = (part: unknown) =>
    JSON.parse(JSON.stringify(part).replaceAll('"#/definitions/', `"${SCHEMAS}`)) as JsonSchema;
  for (const [name, definition] of Object.entries((definitions ?? {}) as Record<string, JsonSchema>)) {
    const { $id: _id, id: _name, ...shape } = definition;
    schemas[name] = withComponentRefs(shape);
  }
  return withComponentRefs(schema);
}

const sorted = (record: Record<string, JsonSchema>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
