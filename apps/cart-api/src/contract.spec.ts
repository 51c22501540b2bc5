import { CART_API_DESCRIPTION, CART_API_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { buildOpenApi } from '@souk/http';
import { createLogger, createMetrics } from '@souk/service';
import { z } from 'zod';
import { buildApp } from './app';
import { configSchema } from './config';

const routes: readonly RouteDeclaration[] = CART_API_ROUTES;
const document = JSON.parse(JSON.stringify(buildOpenApi(CART_API_DESCRIPTION, routes))) as {
  paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[] }>>;
};

const takesBody = ({ body }: RouteDeclaration) => !(body instanceof z.ZodUndefined);

test.each(routes.filter(takesBody).map((route) => [route.operationId, route] as const))(
  'the request example of %s is valid',
  (_name, route) => {
    expect(route.body.safeParse(route.example).error).toBeUndefined();
  },
);

test('the response examples match their declared schemas', () => {
  const examples = routes
    .flatMap(({ responses }) => Object.values(responses))
    .flatMap(({ body, examples = {} }) => Object.values(examples).map((example) => ({ body, example })));
  expect(examples.length).toBeGreaterThan(0);
  for (const { body, example } of examples) expect(body?.parse(example)).toEqual(example);
});

test('every $ref in the document resolves', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
  expect(references.length).toBeGreaterThan(5);
  for (const reference of references) {
    const target = reference
      .split('/')
      .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});

test('every path declares its parameters, and every operationId is unique', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  for (const { path, operation } of operations) {
    const declared = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);
    expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(CART_API_ROUTES.length);
});

test('the service serves exactly the declared routes', async () => {
  const config = configSchema.parse({ RABBITMQ_URL: 'amqp://127.0.0.1:1/', INVENTORY_ADDRESS: '127.0.0.1:1' });
  const api = buildApp(
    { ...config, PORT: 0 },
    { logger: createLogger('test', 'silent'), metrics: createMetrics('test') },
  );
  await api.start();
  const served: unknown = await (await fetch(`http://127.0.0.1:${api.port()}/documentation/openapi.json`)).json();
  await api.stop();
  expect(served).toEqual(document);
});
