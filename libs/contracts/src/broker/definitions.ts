import { permissionsOf, topicPermissionsOf } from './permissions';
import { POLICIES } from './policies';
import { bindingsOf, queueDeclarations } from './queue-declarations';
import { exchangeTo, READINESS_EXCHANGE, REPLIES_EXCHANGE, TOPOLOGY } from './topology';
import { BROKER_USERS } from './users';

const VHOST = '/';

/** The user of the operator, who may do everything and uses the management page. */
export const BROKER_OPERATOR = 'souk';

/** The name of the setting with a user's password. */
export const brokerPasswordVariable = (user: string) =>
  user === BROKER_OPERATOR ? 'RABBITMQ_PASSWORD' : `${user.replaceAll('-', '_').toUpperCase()}_RABBITMQ_PASSWORD`;

/**
 * Everything a broker has to contain, in the format that RabbitMQ imports. Each password is the name of its setting, as
 * `${NAME}`. Source: https://www.rabbitmq.com/docs/definitions
 */
export function buildBrokerDefinitions() {
  const { queues, exchanges } = TOPOLOGY;
  const declarations = queues.flatMap(queueDeclarations);
  const all = { configure: '.*', write: '.*', read: '.*' };
  return {
    vhosts: [{ name: VHOST }],
    users: [BROKER_OPERATOR, ...BROKER_USERS.map(({ name }) => name)].map((name) => ({
      name,
      password: `\${${brokerPasswordVariable(name)}}`,
      tags: name === BROKER_OPERATOR ? ['monitoring'] : [],
      limits: {},
    })),
    permissions: [
      { user: BROKER_OPERATOR, vhost: VHOST, ...all },
      ...BROKER_USERS.map((user) => ({ user: user.name, vhost: VHOST, ...permissionsOf(user) })),
    ],
    topic_permissions: BROKER_USERS.flatMap((user) =>
      topicPermissionsOf(user).map((permissions) => ({ user: user.name, vhost: VHOST, ...permissions })),
    ),
    policies: POLICIES.map(({ name, pattern, definition }) => ({
      ...{ vhost: VHOST, name, pattern, 'apply-to': 'queues', priority: 10, definition },
    })),
    exchanges: [
      ...[REPLIES_EXCHANGE, ...exchanges.map(({ name }) => name)].map((name) => ({ name, type: 'topic' })),
      ...[READINESS_EXCHANGE, ...declarations.map(({ name }) => exchangeTo(name))].map((name) => ({
        name,
        type: 'fanout',
      })),
    ].map((exchange) => ({
      ...{ ...exchange, vhost: VHOST, durable: true, auto_delete: false, internal: false, arguments: {} },
    })),
    queues: declarations.map((declaration) => ({
      ...{ vhost: VHOST, durable: true, auto_delete: false, ...declaration },
    })),
    bindings: queues.flatMap(bindingsOf).map(({ source, routingKey, queue }) => ({
      ...{ source, vhost: VHOST, destination: queue, destination_type: 'queue' },
      ...{ routing_key: routingKey, arguments: {} },
    })),
  };
}
