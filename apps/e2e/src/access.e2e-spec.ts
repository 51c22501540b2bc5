import {
  accountIdsOf,
  brokerPasswordVariable,
  CART_API_ROUTES,
  exchangeTo,
  MACHINE_ROUTES,
  MONITORING_API_ROUTES,
  queueDeclarations,
  SCOPES,
  TOPOLOGY,
  WALLET_API_ROUTES,
  WALLET_DEMO,
  type RouteDeclaration,
  type Scope,
} from '@souk/contracts';
import { eventually, isInContainers } from '@souk/testing';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import mysql, { type Connection } from 'mysql2/promise';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBroker, mysqlOptions } from '../test/engine-clients';
import { createTokens, TOKEN_SETTINGS } from '../test/tokens';
import { startSouk, type SoukSystem } from '../test/souk-system';

/** What each scope includes, written out once more, so that a mistake in the declaration is found. */
const INCLUDED: Record<Scope, Scope[]> = {
  'shop:read': ['shop:read'],
  'shop:write': ['shop:read', 'shop:write'],
  'shop:admin': ['shop:read', 'shop:write', 'shop:admin'],
  'wallet:read': ['wallet:read'],
  'wallet:write': ['wallet:read', 'wallet:write'],
  'wallet:admin': ['wallet:read', 'wallet:write', 'wallet:admin'],
  'atm:use': ['atm:use'],
  'atm:admin': ['atm:use', 'atm:admin'],
  'monitoring:read': ['monitoring:read'],
  'monitoring:admin': ['monitoring:read', 'monitoring:admin'],
  operator: ['operator'],
};

/** AMQP's code for `access refused`. */
const FORBIDDEN = 403;

const OWNER = 'alice';
const OTHER = 'bob';

type Outcome = 401 | 403 | 404 | 'allowed';
interface Caller {
  name: string;
  headers: Record<string, string>;
  expected(route: RouteDeclaration): Outcome;
}

let souk: SoukSystem;
let orderID: string;
/** Every key that was created. */
const createdKeys: string[] = [];

const APIS = [
  ['cartApi', CART_API_ROUTES],
  ['walletApi', WALLET_API_ROUTES],
  ['atmApi', MACHINE_ROUTES.flatMap((routes) => Object.values(routes))],
  ['monitoringApi', MONITORING_API_ROUTES],
] as const satisfies [keyof SoukSystem['urls'], readonly RouteDeclaration[]][];
const ROUTES = APIS.flatMap(([api, routes]) => routes.map((route): [string, RouteDeclaration] => [api, route]));

beforeAll(async () => {
  souk = await startSouk({ ACCESS: 'closed', LOG_LEVEL: 'trace', WEBHOOK_ALLOW_PRIVATE: 'true', ...TOKEN_SETTINGS });
  const product = { productName: 'Lamp', unitPrice: '1.00', quantity: 100 };
  await souk.send('PUT', '/products/lamp', product);
  await souk.sendToWallet('POST', '/accounts', { reference: OWNER, initial_balance: '1000.00' });
  await souk.send('POST', '/addToCart', { clientID: OWNER, productID: 'lamp', quantity: 1 });
  orderID = (await souk.send('POST', '/checkOutCart', { clientID: OWNER })).body['orderID'] as string;
  expect(orderID).toBeDefined();
}, 180_000);
afterAll(() => souk.down());

const urlOf = (api: string) => souk.urls[api as keyof SoukSystem['urls']];
/** `up` has stored it as a header. */
const operatorKey = () =>
  /souk_\S+/.exec(
    readFileSync(join(souk.home, isInContainers ? 'container-keys/operator' : 'keys/operator'), 'utf8'),
  )![0];

/** Sends a request to a route that names the owner's things, and returns the status. */
async function call(api: string, route: RouteDeclaration, headers: Record<string, string>, body = bodyOf(route)) {
  const response = await fetch(urlOf(api) + pathOf(route), {
    method: route.method.toUpperCase(),
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel(); // a stream of events stays open
  return response.status;
}

function pathOf({ operationId, path }: RouteDeclaration): string {
  const { accountId, walletId } = accountIdsOf(OWNER);
  const values: Record<string, string> = {
    ...{ clientID: OWNER, orderID, productID: 'lamp', machineID: 'main' },
    ...{ id: path.startsWith('/wallets') ? walletId : accountId, wallet_id: walletId, delivery_id: accountId },
    ...(path.startsWith('/keys') && { id: 'matrix' }),
  };
  const queries: Record<string, string> = {
    ...{ listOrders: `?clientID=${OWNER}`, listAccounts: `?reference=${OWNER}` },
    ...{ askDispensable: '?amount=1', askDispensableOfMachine: '?amount=1' },
  };
  return path.replace(/:(\w+)/g, (_, name: string) => values[name]!) + (queries[operationId] ?? '');
}

/** The documented example, with the owner's ids. */
function bodyOf({ operationId, example }: RouteDeclaration): object | undefined {
  if (operationId === 'createAccount') return { reference: OWNER };
  if (operationId.startsWith('withdraw')) return { amount: '1', account_id: accountIdsOf(OWNER).accountId };
  if (example === undefined) return undefined;
  const { accountId, walletId } = accountIdsOf(OWNER);
  const text = JSON.stringify(example)
    .replaceAll(WALLET_DEMO.accountId, accountId)
    .replaceAll(WALLET_DEMO.walletId, walletId)
    .replaceAll('demo-customer', OWNER)
    .replaceAll('brass-lantern-small', 'lamp');
  return JSON.parse(text) as object;
}

/** Creates a key. @returns its text */
async function createKey(id: string, scopes: readonly Scope[]): Promise<string> {
  const response = await fetch(`${souk.urls.monitoringApi}/keys/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-api-key': operatorKey() },
    body: JSON.stringify({ scopes }),
  });
  expect(response.status).toBe(200);
  const { key } = (await response.json()) as { key: string };
  createdKeys.push(key);
  return key;
}

const revokeKey = (id: string) =>
  fetch(`${souk.urls.monitoringApi}/keys/${id}`, { method: 'DELETE', headers: { 'x-api-key': operatorKey() } });

/** Revokes a key and waits until every API refuses it. */
async function createRevokedKey(): Promise<string> {
  const text = await createKey('revoked', SCOPES);
  for (const [api, [route]] of APIS) expect(await call(api, route, { 'x-api-key': text })).not.toBe(401);
  await revokeKey('revoked');
  await eventually(async () => {
    const statuses = APIS.map(([api, [route]]) => call(api, route, { 'x-api-key': text }));
    expect(await Promise.all(statuses)).toEqual([401, 401, 401, 401]);
  }, 5_000);
  return text;
}

const isOrderRoute = ({ path }: RouteDeclaration) => path.includes(':orderID');

async function listCallers(): Promise<Caller[]> {
  const refused = (name: string, headers: Record<string, string>): Caller => ({ name, headers, expected: () => 401 });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const tokens = createTokens(OWNER);
  const wrongSecret = `souk_scope-operator_${(await createKey('decoy', SCOPES)).slice('souk_decoy_'.length)}`;
  const keyHolders = SCOPES.map(async (scope): Promise<Caller> => {
    const key = await createKey(`scope-${scope.replace(':', '-')}`, [scope]);
    return {
      name: `a key with ${scope}`,
      headers: { 'x-api-key': key },
      expected: ({ access }) => (INCLUDED[scope].includes(access.scope) ? 'allowed' : 403),
    };
  });
  return [
    refused('nobody', {}),
    refused('a revoked key', { 'x-api-key': await createRevokedKey() }),
    refused('a key with a wrong secret', { 'x-api-key': wrongSecret }),
    refused('an expired token', bearer(tokens.expired)),
    refused('a token for another audience', bearer(tokens.wrongAudience)),
    refused('a token without a signature', bearer(tokens.unsigned)),
    ...(await Promise.all(keyHolders)),
    {
      name: 'the owner',
      headers: bearer(tokens.valid),
      expected: ({ access }) => (access.customers === 'none' ? 403 : 'allowed'),
    },
    {
      name: 'another customer',
      headers: bearer(createTokens(OTHER).valid),
      expected: (route) => {
        if (route.access.customers !== 'own') return route.access.customers === 'none' ? 403 : 'allowed';
        return isOrderRoute(route) ? 404 : 403;
      },
    },
  ];
}

test('each route admits exactly the callers that it declares', async () => {
  const callers = await listCallers();
  expect(ROUTES.length).toBeGreaterThan(45);
  const mistakes: string[] = [];
  for (const [api, route] of ROUTES) {
    for (const { name, headers, expected } of callers) {
      const status = await call(api, route, headers);
      const outcome = expected(route);
      const isRight =
        outcome === 'allowed'
          ? status < 500 && ![401, 403].includes(status) && !(isOrderRoute(route) && status === 404)
          : status === outcome;
      if (!isRight) mistakes.push(`${route.operationId} by ${name}: ${status} instead of ${outcome}`);
    }
  }
  expect(mistakes).toEqual([]);
}, 300_000);

test.each([
  ['walletApi', 'createAccount', { reference: OWNER, initial_balance: '1.00' }],
  ['walletApi', 'walletOperation', { operation_type: 'DEPOSIT', amount: '1.00' }],
] as const)('money from outside needs an admin scope: %s %s', async (api, operationId, body) => {
  const [, route] = ROUTES.find(([, { operationId: each }]) => each === operationId)!;
  const writer = { 'x-api-key': await createKey(`writer-${operationId.toLowerCase()}`, ['wallet:write']) };
  const admin = { 'x-api-key': souk.adminKey };
  const owner = { authorization: `Bearer ${createTokens(OWNER).valid}` };
  expect(await call(api, route, writer, body)).toBe(403);
  expect(await call(api, route, owner, body)).toBe(403);
  expect([401, 403]).not.toContain(await call(api, route, admin, body));
});

describe('a customer cannot reach what belongs to another', () => {
  const bob = { authorization: `Bearer ${createTokens(OTHER).valid}` };
  const { accountId, walletId } = accountIdsOf(OWNER);
  const own = accountIdsOf(OTHER);
  const routeNamed = (operationId: string) => ROUTES.find(([, route]) => route.operationId === operationId)!;

  test.each([
    ['addToCart', { clientID: OWNER, productID: 'lamp', quantity: 1 }],
    ['checkOutCart', { clientID: OWNER }],
    ['createAccount', { reference: OWNER }],
    ['createAccount', {}],
    ['debit', { account_id: accountId, amount: '1.00' }],
    ['transfer', { from_wallet_id: walletId, to_wallet_id: own.walletId, amount: '1.00' }],
    ['withdraw', { amount: '1', account_id: accountId }],
    ['withdraw', { amount: '1' }],
  ])('by a body: %s %j', async (operationId, body) => {
    const [api, route] = routeNamed(operationId);
    expect(await call(api, route, bob, body)).toBe(403);
  });

  test('by the reference of the shop, even if a token names it', async () => {
    const merchant = { authorization: `Bearer ${createTokens('merchant').valid}` };
    const response = await fetch(`${souk.urls.walletApi}/accounts/${accountIdsOf('merchant').accountId}`, {
      headers: merchant,
    });
    expect(response.status).toBe(401);
  });

  test('by learning which orders exist', async () => {
    const bodies = [orderID, orderID.slice(0, -1) + (orderID.endsWith('0') ? '1' : '0')].map(async (id) =>
      (await fetch(`${souk.urls.cartApi}/orders/${id}`, { headers: bob })).text(),
    );
    const [existing, missing] = await Promise.all(bodies);
    expect(existing).toBe(missing);
  });
});

test('an idempotency key of a request that acts for no one belongs to the owner of the API key', async () => {
  const [first, second] = [await createKey('first', ['wallet:write']), await createKey('second', ['wallet:write'])];
  const open = async (key: string) => {
    const headers = { 'x-api-key': key, 'idempotency-key': 'the-same-key-for-both' };
    const response = await fetch(`${souk.urls.walletApi}/api/v1/wallets/`, { method: 'POST', headers });
    expect(response.status).toBe(200);
    return response.text();
  };
  const [walletOfFirst, walletOfSecond] = [await open(first), await open(second)];
  expect(walletOfFirst).not.toBe(walletOfSecond);
  expect(await open(first)).toBe(walletOfFirst);
});

test('the pages for people and programs that watch a service stay open', async () => {
  for (const [api] of APIS) {
    for (const path of ['/healthz', '/readyz', '/metrics', '/documentation', '/documentation/openapi.json']) {
      expect([api, path, (await fetch(urlOf(api) + path)).status]).toEqual([api, path, 200]);
    }
  }
});

const SCHEMAS = ['cart', 'inventory', 'wallet', 'monitoring', 'access'];

describe.each([
  ['cart', 'CART_DB_PASSWORD', ['cart']],
  ['inventory', 'INVENTORY_DB_PASSWORD', ['inventory']],
  ['wallet', 'WALLET_DB_PASSWORD', ['wallet']],
  ['monitoring', 'MONITORING_DB_PASSWORD', ['monitoring']],
  ['access', 'ACCESS_DB_PASSWORD', ['access']],
  ['access_reader', 'ACCESS_READER_DB_PASSWORD', ['access']],
  ['auditor', 'AUDITOR_DB_PASSWORD', ['cart', 'inventory', 'wallet', 'monitoring']],
])('the stolen password of the database user %s', (user, variable, reachableSchemas) => {
  let thief: Connection;
  beforeAll(async () => {
    const url = new URL(souk.urls.mysqlRoot);
    url.username = user;
    url.password = Object.fromEntries(systemSecrets())[variable]!;
    thief = await mysql.createConnection(mysqlOptions(url.toString()));
  });
  afterAll(() => thief.end());

  const attempt = async (sql: string) => {
    try {
      await thief.query(sql);
      return 'done';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test('reaches only its own schemas', async () => {
    const reached: string[] = [];
    for (const schema of SCHEMAS) if ((await attempt(`SHOW TABLES FROM ${schema}`)) === 'done') reached.push(schema);
    expect(reached).toEqual(reachableSchemas);
  });

  test.each([
    'SELECT * FROM mysql.user',
    "CREATE USER 'thief'@'%'",
    'GRANT ALL ON *.* TO CURRENT_USER',
    'SET GLOBAL max_connections = 1',
    "SELECT LOAD_FILE('/etc/passwd') INTO OUTFILE '/tmp/souk-stolen'",
    'FLUSH TABLES WITH READ LOCK',
    'SHUTDOWN',
  ])('may not %s', async (sql) => {
    expect(await attempt(sql)).toMatch(/DENIED/);
  });

  if (user === 'access_reader' || user === 'auditor')
    test('changes nothing', async () => {
      const tables = { access: 'api_key', cart: 'client_cart', inventory: 'product_details' };
      for (const [schema, table] of Object.entries(tables)) {
        for (const sql of [`DELETE FROM ${schema}.${table}`, `DROP TABLE ${schema}.${table}`]) {
          expect(await attempt(sql)).toMatch(/DENIED/);
        }
      }
    });
});

/** What each app does with the broker, written out once more, so that a mistake in the declaration is found. */
const BROKER_USES: Record<string, { sends: string[]; publishes: string[]; consumes: string[] }> = {
  'cart-api': { sends: ['cart-worker.jobs', 'cart-worker.queries'], publishes: [], consumes: [] },
  'cart-worker': {
    sends: ['checkout-worker.jobs'],
    publishes: ['orders', 'replies'],
    consumes: ['cart-worker.jobs', 'cart-worker.queries', 'cart-worker.checkout-results'],
  },
  'checkout-worker': {
    sends: ['cart-worker.checkout-results', 'cart-worker.queries'],
    publishes: [],
    consumes: ['checkout-worker.jobs'],
  },
  'wallet-api': { sends: [], publishes: ['transactions'], consumes: [] },
  monitoring: {
    sends: [],
    publishes: ['fraud'],
    consumes: ['fraud-detection.transactions', 'notifications.transactions', 'analytics.transactions'],
  },
};
const QUEUES = TOPOLOGY.queues.flatMap((queue) => queueDeclarations(queue).map(({ name }) => name));
const EXCHANGES = ['replies', ...TOPOLOGY.exchanges.map(({ name }) => name)];

describe.each(Object.entries(BROKER_USES))('the stolen password of the RabbitMQ user %s', (user, uses) => {
  let thief: ChannelModel;
  let url: URL;
  beforeAll(async () => {
    url = new URL(souk.urls.rabbitmq);
    url.username = user;
    url.password = Object.fromEntries(systemSecrets())[brokerPasswordVariable(user)]!;
    thief = await connectBroker(url.toString());
  });
  afterAll(() => thief.close());

  /** @returns what happened on a channel of its own: `done`, or the code of the broker's refusal */
  const attempt = async (work: (channel: ConfirmChannel) => PromiseLike<unknown>) => {
    const channel = await thief.createConfirmChannel();
    const refused = new Promise<number>((resolve) =>
      channel.once('error', ({ code }: { code: number }) => resolve(code)),
    );
    const done = work(channel).then(
      () => 'done',
      () => refused,
    );
    return Promise.race([done, refused]);
  };
  const publish = (exchange: string, key: string) =>
    attempt((channel) => {
      channel.publish(exchange, key, Buffer.from('forged'));
      return channel.waitForConfirms();
    });
  const isOwn = (queue: string) => uses.consumes.some((own) => queue === own || queue.startsWith(`${own}.`));
  const foreignQueues = QUEUES.filter((queue) => !isOwn(queue));
  /** Names of queues that the user may declare. */
  const own = (n: number) => QUEUES.filter(isOwn)[n] ?? `${user}.replies.${n}`;

  test('connects, and can publish', async () => {
    expect(await publish('readiness', '')).toBe('done');
  });

  test('sends to no queue and no exchange that the app does not use', async () => {
    const allowed = [...uses.sends, ...QUEUES.filter(isOwn)];
    for (const queue of QUEUES.filter((each) => !allowed.includes(each)))
      expect([queue, await publish(exchangeTo(queue), '')]).toEqual([queue, FORBIDDEN]);
    for (const exchange of EXCHANGES.filter((each) => !uses.publishes.includes(each)))
      expect([exchange, await publish(exchange, 'key')]).toEqual([exchange, FORBIDDEN]);
    for (const [exchange, key] of [
      ['', 'cart-worker.jobs'],
      ['', 'anything'],
      ['amq.topic', 'key'],
    ] as const)
      expect([exchange, key, await publish(exchange, key)]).toEqual([exchange, key, FORBIDDEN]);
  });

  test("reads, empties, binds and deletes no other app's queue", async () => {
    for (const queue of foreignQueues) {
      const attempts = [
        await attempt((channel) => channel.get(queue)),
        await attempt((channel) => channel.consume(queue, () => undefined)),
        await attempt((channel) => channel.purgeQueue(queue)),
        await attempt((channel) => channel.bindQueue(queue, exchangeTo(own(0)), '')),
        await attempt((channel) => channel.bindQueue(queue, 'orders', '#')),
        await attempt((channel) => channel.deleteQueue(queue)),
      ];
      expect([queue, attempts]).toEqual([queue, Array(attempts.length).fill(FORBIDDEN)]);
    }
  });

  test('creates, binds and deletes nothing else', async () => {
    const queue = `${user}.replies.0`;
    for (const work of [
      (channel) => channel.assertQueue('thief'),
      (channel) => channel.assertQueue(`${user}.thief`),
      (channel) => channel.assertExchange('thief', 'topic'),
      (channel) => channel.deleteExchange('to.cart-worker.jobs'),
      (channel) => channel.bindExchange('transactions', 'orders', '#'),
      async (channel) => {
        await channel.assertQueue(queue, { exclusive: true });
        await channel.bindQueue(queue, 'replies', '#'); // other callers' replies
      },
    ] satisfies ((channel: ConfirmChannel) => PromiseLike<unknown>)[])
      expect([String(work), await attempt(work)]).toEqual([String(work), FORBIDDEN]);
  });

  test('forges no message through an exchange or a queue of its own', async () => {
    const target = foreignQueues.find((each) => !uses.sends.includes(each))!;
    const attempts = [
      await attempt(async (channel) => {
        await channel.assertExchange(own(0), 'fanout');
        await channel.bindExchange(exchangeTo(target), own(0), '');
      }),
      await attempt((channel) => channel.assertExchange(own(1), 'fanout', { alternateExchange: exchangeTo(target) })),
      await attempt((channel) => channel.assertExchange(own(2), 'fanout', { alternateExchange: 'amq.topic' })),
      await attempt((channel) =>
        channel.assertQueue(`${user}.replies.1`, {
          ...{ exclusive: true, messageTtl: 0 },
          ...{ deadLetterExchange: exchangeTo(target), deadLetterRoutingKey: target },
        }),
      ),
      await attempt((channel) =>
        channel.assertQueue(`${user}.replies.2`, {
          ...{ exclusive: true, messageTtl: 0, deadLetterExchange: '', deadLetterRoutingKey: target },
        }),
      ),
    ];
    expect(attempts).toEqual(Array(attempts.length).fill(FORBIDDEN));
    const isReturned = attempt(async (channel) => {
      const returned = new Promise((resolve) => channel.once('return', resolve));
      const options = { CC: [target], BCC: [target], mandatory: true };
      channel.publish('readiness', target, Buffer.from('forged'), options);
      await returned;
    });
    expect(await isReturned).toBe('done'); // no queue got it
  });

  test('opens no management page', async () => {
    const authorization = `Basic ${Buffer.from(`${user}:${url.password}`).toString('base64')}`;
    const { status } = await fetch(`${souk.urls.rabbitmqManagement}/api/users`, { headers: { authorization } });
    expect(status).toBe(401);
  });
});

/** The passwords and keys of the system, by name. */
function systemSecrets(): [string, string][] {
  const lines = readFileSync(join(souk.home, 'settings.env'), 'utf8').split('\n');
  const settings = lines.map((line) => line.replaceAll(/["']/g, '').split(/=(.*)/, 2) as [string, string]);
  return settings.filter(([name, value]) => /(PASSWORD|SECRET|TOKEN|KEY)$/.test(name) && value);
}

// In containers, the same code writes the logs.
(isInContainers ? test.skip : test)('no log contains a password, a key, a token or a webhook secret', async () => {
  const { accountId } = accountIdsOf(OWNER);
  const webhook = { url: 'https://127.0.0.1:9/hook' };
  const { body } = await souk.sendToMonitoring('PUT', `/accounts/${accountId}/webhook`, webhook);
  // The delivery of its notification fails, which is logged.
  await souk.sendToWallet('POST', '/transactions/credit', { account_id: accountId, amount: '1.00' });
  const tokens = createTokens(OWNER);
  const [key] = createdKeys as [string];
  const last = { 'x-correlation-id': 'the-last-request' };
  const credentials: Record<string, string>[] = [
    { 'x-api-key': key },
    { 'x-api-key': `${key}x` },
    ...Object.values(tokens).map((token) => ({ authorization: `Bearer ${token}` })),
  ];
  for (const headers of credentials) {
    for (const [api, [route]] of APIS) {
      await fetch(`${urlOf(api)}/nope?key=${key}`, { headers });
      await call(api, route, { ...headers, ...last });
    }
  }

  const secrets = Object.fromEntries([
    ...systemSecrets(),
    ['operator key', operatorKey()],
    ...createdKeys.map((text, index) => [`key ${index}`, text]),
    ...Object.entries(tokens),
    ['webhook secret', body['secret']],
  ]) as Record<string, string>;
  for (const [name, secret] of Object.entries(secrets)) expect([name, secret.length > 15]).toEqual([name, true]);
  const folder = join(souk.home, 'logs');
  for (const app of ['cart-api', 'wallet-api', 'atm-api', 'monitoring']) {
    await eventually(() => expect(readFileSync(join(folder, `${app}.log`), 'utf8')).toContain('the-last-request'));
  }
  const logs = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  expect(logs.length).toBeGreaterThan(APIS.length);
  const leaks = logs.flatMap(([file, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${file}`] : [])),
  );
  expect(leaks).toEqual([]);
});
