import { Client, credentials, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { AppError, createLogger, createMetrics, type ReadinessChecks, type Registry } from '@souk/service';
import { createCuttableProxy, eventually, freePort } from '@souk/testing';
import { service as healthDefinition } from 'grpc-health-check';
import { createServer, type AddressInfo } from 'node:net';
import { createInventoryClient, inventoryService, type InventoryServiceDefinition } from './inventory';
import { createGrpcServer, implementService, type GrpcHandlers, type GrpcServer } from './server';

type Handlers = GrpcHandlers<InventoryServiceDefinition>;

const rejectUnexpectedCall = () => Promise.reject(new Error('not called in this test'));
const NO_HANDLERS: Handlers = {
  checkItems: rejectUnexpectedCall,
  reserveItems: rejectUnexpectedCall,
  commitReservations: rejectUnexpectedCall,
  rollbackReservations: rejectUnexpectedCall,
  listProducts: rejectUnexpectedCall,
  upsertProduct: rejectUnexpectedCall,
  putProducts: rejectUnexpectedCall,
  changeStock: rejectUnexpectedCall,
};

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface ServeOptions {
  port?: number;
  checks?: ReadinessChecks;
  token?: string;
  metrics?: Registry;
}

async function serve(handlers: Partial<Handlers>, options: ServeOptions = {}): Promise<GrpcServer> {
  const server = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    checks: {},
    metrics: createMetrics('test'),
    ...options,
    services: [implementService(inventoryService, { ...NO_HANDLERS, ...handlers })],
    logger: createLogger('test', 'silent'),
  });
  await server.start();
  closers.push(() => server.stop());
  return server;
}

function connect(...ports: number[]) {
  const address = `ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  const client = createInventoryClient({ address, deadlineMs: 5_000 });
  closers.push(() => client.close());
  return client;
}

const NO_ITEMS = { items: [] };

/** The answer of a server's reflection service, as text. */
async function listServices(port: number): Promise<string> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  closers.push(() => client.close());
  // list_services = "*": field 7 of ServerReflectionRequest.
  const request = Buffer.from([0x3a, 0x01, 0x2a]);
  const identity = (bytes: Buffer) => bytes;
  const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
  const stream = client.makeBidiStreamRequest(path, identity, identity);
  const response = new Promise<Buffer>((resolve, reject) => stream.once('data', resolve).once('error', reject));
  stream.write(request);
  const listing = (await response).toString('latin1');
  stream.end();
  return listing;
}

describe('a call', () => {
  it('carries request and response in camelCase, with defaults and 64-bit numbers', async () => {
    const server = await serve({
      reserveItems: (request) => {
        expect(request).toEqual({
          actor: '',
          reservations: [{ reserveId: 'r-1', items: [{ productId: 'ключ', quantity: 2 ** 40 }], actor: 'ann' }],
        });
        const expiresAt = { seconds: 1_700_000_000, nanos: 5_000_000 };
        return Promise.resolve({
          results: [{ reserveId: 'r-1', state: 'RESERVATION_STATE_RESERVED', shortages: [], expiresAt }],
        });
      },
    });
    const items = [{ productId: 'ключ', quantity: 2 ** 40 }];
    const response = await connect(server.port()).reserveItems({
      reservations: [{ reserveId: 'r-1', items, actor: 'ann' }],
    });
    expect(response.results).toEqual([
      {
        reserveId: 'r-1',
        state: 'RESERVATION_STATE_RESERVED',
        shortages: [],
        expiresAt: { seconds: 1_700_000_000, nanos: 5_000_000 },
      },
    ]);
  });

  it('fails with the code, message and details of the refusal', async () => {
    const refusal = new AppError('rejected', 'STOCK_RESERVED', 'Too low', { details: { reserved: 3 } });
    const server = await serve({ upsertProduct: () => Promise.reject(refusal) });
    await expect(connect(server.port()).upsertProduct({})).rejects.toMatchObject({
      kind: 'rejected',
      code: 'STOCK_RESERVED',
      message: 'Too low',
      details: { reserved: 3 },
    });
  });

  it('to a method that an older server lacks fails as unavailable, because nothing was done', async () => {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    closers.push(() => server.forceShutdown());
    await expect(connect(port).putProducts({})).rejects.toMatchObject({ kind: 'unavailable', code: 'UNAVAILABLE' });
  });

  it('ends with a timeout at its deadline', async () => {
    const server = await serve({
      checkItems: () => new Promise((resolve) => setTimeout(() => resolve(NO_ITEMS), 500)),
    });
    const started = Date.now();
    await expect(connect(server.port()).checkItems({}, { deadlineMs: 100 })).rejects.toMatchObject({ kind: 'timeout' });
    expect(Date.now() - started).toBeLessThan(450);
  });

  it('is retried only while the server is unavailable, and only if its method allows retries', async () => {
    const calls = { checkItems: 0, listProducts: 0, upsertProduct: 0 };
    const fail = (error: AppError) => Promise.reject(error);
    const down = new AppError('unavailable', 'UNAVAILABLE', 'down');
    const server = await serve({
      checkItems: () => (++calls.checkItems < 3 ? fail(down) : Promise.resolve(NO_ITEMS)),
      listProducts: () => (++calls.listProducts, fail(new AppError('invalid', 'INVALID_REQUEST', 'bad'))),
      upsertProduct: () => (++calls.upsertProduct, fail(down)),
    });
    const client = connect(server.port());
    await client.checkItems({});
    await expect(client.listProducts({})).rejects.toMatchObject({ kind: 'invalid' });
    await expect(client.upsertProduct({})).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls).toEqual({ checkItems: 3, listProducts: 1, upsertProduct: 1 });
  });

  it('has an unknown outcome if the server stops during it, but not if it was never sent', async () => {
    const port = await freePort();
    const client = connect(port);
    await expect(client.upsertProduct({})).rejects.toMatchObject({ kind: 'unavailable' });

    let wasReached = () => {};
    const reached = new Promise<void>((resolve) => (wasReached = resolve));
    const proxied = await serve({ upsertProduct: () => (wasReached(), new Promise(() => {})) }, { port });
    await eventually(() => client.ping());
    const call = client.upsertProduct({});
    await reached;
    const failed = expect(call).rejects.toMatchObject({ kind: 'timeout' });
    await proxied.stop();
    await failed;
  }, 20_000);
});

describe('several servers', () => {
  it('share the calls of one client, and a dead one gets no more calls', async () => {
    const callCounts = [0, 0];
    const [first, second] = await Promise.all(
      [0, 1].map((index) => serve({ checkItems: () => (callCounts[index]!++, Promise.resolve(NO_ITEMS)) })),
    );
    const client = connect(first!.port(), second!.port());
    await eventually(async () => {
      await client.checkItems({});
      expect(Math.min(...callCounts)).toBeGreaterThan(0);
    });
    await second!.stop();
    for (let call = 0; call < 20; call++) await client.checkItems({});
  });

  it('are found again within two seconds of restarting', async () => {
    const port = await freePort();
    const handlers = { checkItems: () => Promise.resolve(NO_ITEMS) };
    const first = await serve(handlers, { port });
    const client = connect(port);
    await client.checkItems({});
    await first.stop();
    await expect(client.checkItems({})).rejects.toMatchObject({ kind: 'unavailable' });
    await serve(handlers, { port });
    await eventually(() => client.checkItems({}), 2_000);
  });
});

test('an unused address is retried less often while another one serves, and at once when none does', async () => {
  const server = await serve({ checkItems: () => Promise.resolve(NO_ITEMS) });
  let attempts = 0;
  const unused = createServer((socket) => (attempts++, socket.destroy()));
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  closers.push(() => void unused.close());
  const client = connect(server.port(), (unused.address() as AddressInfo).port);
  const callFor = async (ms: number) => {
    for (const end = Date.now() + ms; Date.now() < end;) await client.checkItems({});
  };
  await client.checkItems({});
  await eventually(() => expect(attempts).toBe(10));
  await callFor(3_000);
  expect(attempts).toBe(10);
  await server.stop();
  await eventually(() => expect(attempts).toBeGreaterThan(12), 4_000);
}, 40_000);

test('a new connection on which the server sends nothing is abandoned and replaced', async () => {
  const server = await serve({ checkItems: () => Promise.resolve(NO_ITEMS) });
  const proxy = await createCuttableProxy({ host: '127.0.0.1', port: server.port() });
  closers.push(() => proxy.close());
  const client = connect(proxy.port);
  const swallowed = new Promise<void>((resolve) => {
    proxy.alter(() => (resolve(), Buffer.alloc(0)));
  });
  await expect(client.checkItems({}, { deadlineMs: 500 })).rejects.toMatchObject({ kind: 'timeout' });
  await swallowed;
  proxy.alter((chunk) => chunk);
  await expect(client.checkItems({}, { deadlineMs: 15_000 })).resolves.toEqual(NO_ITEMS);
}, 30_000);

describe('health', () => {
  it('reports whether the readiness checks pass', async () => {
    let isUp = false;
    const server = await serve(
      {},
      {
        checks: {
          database: () => (isUp ? Promise.resolve() : Promise.reject(new Error('down'))),
        },
      },
    );
    const client = connect(server.port());
    await expect(client.ping()).rejects.toMatchObject({ kind: 'unavailable' });
    isUp = true;
    await eventually(() => client.ping());
    isUp = false;
    await expect(client.ping()).rejects.toThrow();
  });

  it('runs the readiness checks only on request or while a client watches', async () => {
    let [runs, isUp] = [0, true];
    const server = await serve(
      {},
      {
        checks: {
          database: () => (runs++, isUp ? Promise.resolve() : Promise.reject(new Error('down'))),
        },
      },
    );
    await expect(connect(server.port()).checkItems({})).rejects.toThrow();
    expect(runs).toBe(0);
    await connect(server.port()).ping();
    expect(runs).toBe(1);

    const { path, requestSerialize, responseDeserialize } = healthDefinition['Watch']!;
    const client = new Client(`127.0.0.1:${server.port()}`, credentials.createInsecure());
    closers.push(() => client.close());
    const watch = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: '' });
    const statuses: string[] = [];
    watch.on('data', ({ status }: { status: string }) => statuses.push(status)).on('error', () => undefined);
    await eventually(() => expect(statuses).toEqual(['SERVING']));
    isUp = false;
    await eventually(() => expect(statuses).toEqual(['SERVING', 'NOT_SERVING']));
    isUp = true;
    await eventually(() => expect(statuses).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']));
    watch.cancel();
  });
});

describe('a server with a token', () => {
  const TOKEN = 'the token of all services';

  it('answers callers with the token, on streams and in unary calls', async () => {
    const server = await serve(
      { checkItems: () => Promise.resolve(NO_ITEMS), putProducts: () => Promise.resolve({ results: [] }) },
      { token: TOKEN },
    );
    const client = createInventoryClient({ address: `127.0.0.1:${server.port()}`, token: TOKEN, deadlineMs: 5_000 });
    closers.push(() => client.close());
    await expect(client.checkItems({})).resolves.toEqual(NO_ITEMS);
    await expect(client.putProducts({})).resolves.toEqual({ results: [] });
    await client.ping();
  });

  it.each([undefined, '', 'another token of all services'])('refuses a caller with the token %j', async (token) => {
    const metrics = createMetrics('test');
    const server = await serve({}, { token: TOKEN, metrics });
    const address = `127.0.0.1:${server.port()}`;
    const client = createInventoryClient({ address, token, deadlineMs: 5_000 });
    closers.push(() => client.close());
    const refusal = { kind: 'unavailable', message: 'the inventory does not accept the credentials of this service' };
    await expect(client.checkItems({})).rejects.toMatchObject(refusal);
    await expect(client.putProducts({})).rejects.toMatchObject(refusal);
    await expect(client.ping()).rejects.toMatchObject(refusal);
    expect(await metrics.getSingleMetricAsString('grpc_server_refused_calls_total')).toMatch(/ [1-9]\d*$/);
  });

  it('refuses reflection without the token', async () => {
    const server = await serve({}, { token: TOKEN });
    await expect(listServices(server.port())).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });
});

describe('a server', () => {
  it('finishes calls in flight when it stops', async () => {
    let finish = () => {};
    let wasReached = () => {};
    const reached = new Promise<void>((resolve) => (wasReached = resolve));
    const server = await serve({
      checkItems: () => (wasReached(), new Promise((resolve) => (finish = () => resolve(NO_ITEMS)))),
    });
    const call = connect(server.port()).checkItems({});
    await reached;
    const stopped = server.stop();
    finish();
    await expect(call).resolves.toEqual(NO_ITEMS);
    await stopped;
  });

  it('fails to start on a port that is taken', async () => {
    const server = await serve({});
    await expect(serve({}, { port: server.port() })).rejects.toThrow(/EADDRINUSE|No address/);
  });

  it('refuses a message above the size limit', async () => {
    const server = await serve({ checkItems: () => Promise.resolve(NO_ITEMS) });
    const productIds = ['x'.repeat(9 * 1024 * 1024)];
    await expect(connect(server.port()).checkItems({ productIds })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('lists its own services by reflection, and no others', async () => {
    const server = await serve({});
    const listing = await listServices(server.port());
    expect(listing).toContain('inventory.v1.InventoryService');
    expect(listing).toContain('grpc.health.v1.Health');
    expect(listing).not.toContain('wallet.v1.PaymentService');
  });
});
