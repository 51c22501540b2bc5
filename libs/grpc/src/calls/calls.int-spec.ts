import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  status,
  type ClientDuplexStream,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { AppError, createLogger, createMetrics } from '@souk/service';
import { eventually } from '@souk/testing';
import { createInventoryClient, inventoryService, type InventoryServiceDefinition } from '../inventory';
import { createGrpcServer, implementService, type GrpcHandlers } from '../server';
import { callService, type Answer, type Call, type ReceivedAnswer, type ReceivedCall } from './call-service';

type CallStream = ServerDuplexStream<ReceivedCall, Answer>;
type CheckItems = GrpcHandlers<InventoryServiceDefinition>['checkItems'];

const PATH = '/inventory.v1.InventoryService/CheckItems';
const { requestSerialize, requestDeserialize, responseSerialize } = inventoryService.definition['CheckItems']!;
const {
  path: exchangePath,
  requestSerialize: serializeCall,
  responseDeserialize,
} = callService.definition['Exchange']!;

const itemsOf = (...productIds: string[]) => ({
  items: productIds.map((productId) => ({ productId, exists: true, available: 1, unitPrice: '1.00', currency: '' })),
});

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(checkItems: CheckItems) {
  const handlers = { checkItems } as GrpcHandlers<InventoryServiceDefinition>;
  for (const name of Object.keys(inventoryService.definition))
    handlers[(name.charAt(0).toLowerCase() + name.slice(1)) as 'checkItems'] ??= () => Promise.reject(new Error(name));
  const server = createGrpcServer({
    ...{ host: '127.0.0.1', port: 0, checks: {} },
    services: [implementService(inventoryService, handlers)],
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  closers.push(() => server.stop());
  return server;
}

/** A server with the given services and nothing else. */
function serveOnly(...services: Parameters<Server['addService']>[]): Promise<number> {
  const server = new Server();
  for (const service of services) server.addService(...service);
  return listen(server);
}

/** @returns the port */
function listen(server: Server): Promise<number> {
  closers.push(() => server.forceShutdown());
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}

const respondTo = (respond: () => unknown) => (_: unknown, callback: (error: null, response: unknown) => void) =>
  callback(null, respond());

function connect(port: number, deadlineMs = 5_000) {
  const client = createInventoryClient({ address: `ipv4:127.0.0.1:${port}`, deadlineMs });
  closers.push(() => client.close());
  return client;
}

function openStream(port: number) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  closers.push(() => client.close());
  const stream = client.makeBidiStreamRequest(exchangePath, serializeCall, responseDeserialize) as ClientDuplexStream<
    Call,
    ReceivedAnswer
  >;
  const answers: ReceivedAnswer[] = [];
  const ended = new Promise<void>((resolve) => stream.on('end', resolve));
  stream.on('data', (answer: ReceivedAnswer) => answers.push(answer)).on('error', () => undefined);
  return { stream, answers, ended };
}

describe('a client', () => {
  it('sends its calls on a few streams, and finds the answer to each whatever their order', async () => {
    let streams = 0;
    const methods = new Set<string>();
    const answers: (() => void)[] = [];
    const exchange = (stream: CallStream) => {
      streams++;
      stream.on('data', ({ id, method, request }: ReceivedCall) => {
        methods.add(method);
        const { productIds } = requestDeserialize(request) as { productIds: string[] };
        answers.push(() => stream.write({ id, response: responseSerialize(itemsOf(...productIds)) }));
      });
    };
    const client = connect(await serveOnly([callService.definition, { exchange }]));
    const productIds = Array.from({ length: 12 }, (_, index) => `p-${index}`);
    const responses = Promise.all(productIds.map((productId) => client.checkItems({ productIds: [productId] })));
    await eventually(() => expect(answers).toHaveLength(12));
    expect(streams).toBeLessThanOrEqual(4);
    expect([...methods]).toEqual([PATH]);
    for (const answer of answers.reverse()) answer();
    await expect(responses).resolves.toEqual(productIds.map((productId) => itemsOf(productId)));
  });

  it('makes unary calls to a server without the call service', async () => {
    const port = await serveOnly([inventoryService.definition, { checkItems: respondTo(() => itemsOf('p')) }]);
    const client = connect(port);
    for (let call = 0; call < 3; call++) await expect(client.checkItems({})).resolves.toEqual(itemsOf('p'));
  });

  it('repeats a call whose stream ended before the answer as a unary call', async () => {
    const calls: string[] = [];
    const exchange = (stream: CallStream) => stream.on('data', () => (calls.push('stream'), stream.end()));
    const checkItems = respondTo(() => (calls.push('unary'), itemsOf('p')));
    const client = connect(
      await serveOnly([callService.definition, { exchange }], [inventoryService.definition, { checkItems }]),
    );
    await expect(client.checkItems({})).resolves.toEqual(itemsOf('p'));
    expect(calls).toEqual(['stream', 'unary']);
  });

  it('reports an unknown outcome if the call may have run before the server went away', async () => {
    const server = new Server();
    server.addService(callService.definition, {
      exchange: (stream: CallStream) => stream.on('data', () => server.forceShutdown()),
    });
    await expect(connect(await listen(server)).checkItems({})).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('makes unary calls for a while after a stream failed, and for large requests', async () => {
    const calls: string[] = [];
    const exchange = (stream: CallStream) =>
      stream.on('data', () => (calls.push('stream'), stream.emit('error', { code: status.INTERNAL, details: '' })));
    const checkItems = respondTo(() => (calls.push('unary'), itemsOf()));
    const port = await serveOnly([callService.definition, { exchange }], [inventoryService.definition, { checkItems }]);
    await connect(port).checkItems({ productIds: ['x'.repeat(256 * 1024)] });
    expect(calls.splice(0)).toEqual(['unary']);
    const client = connect(port);
    // The pause must not end between the calls.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    closers.push(() => clock.mockRestore());
    await client.checkItems({});
    await client.checkItems({});
    expect(calls).toEqual(['stream', 'unary', 'unary']);
  });

  it('opens another stream after a timeout, and still receives the answers on the first', async () => {
    let streams = 0;
    const exchange = (stream: CallStream) => {
      streams++;
      const response = responseSerialize(itemsOf());
      const ids: number[] = [];
      // Answers only the first call of each stream, when the stream ends.
      stream.on('data', ({ id }: ReceivedCall) => ids.push(id));
      stream.on('end', () => stream.write({ id: ids[0]!, response }));
    };
    const client = connect(await serveOnly([callService.definition, { exchange }]));
    const answered = Array.from({ length: 4 }, () => client.checkItems({}));
    const timedOut = Array.from({ length: 4 }, () => client.checkItems({}, { deadlineMs: 200 }));
    for (const call of timedOut) await expect(call).rejects.toMatchObject({ kind: 'timeout' });
    await client.checkItems({});
    expect(streams).toBe(5);
    await Promise.all(answered);
  });

  it('fails calls in flight when it is closed, even on a stream that takes no more calls', async () => {
    const reached: string[] = [];
    const server = await serve(({ productIds }) => (reached.push(...productIds), new Promise(() => {})));
    const client = connect(server.port(), 60_000);
    const failed = [0, 1, 2, 3, 4].map((index) =>
      expect(client.checkItems({ productIds: [`${index}`] })).rejects.toMatchObject({ kind: 'timeout' }),
    );
    await expect(client.checkItems({}, { deadlineMs: 100 })).rejects.toMatchObject({ kind: 'timeout' });
    await eventually(() => expect(reached).toHaveLength(5));
    client.close();
    await Promise.all(failed);
    await expect(client.checkItems({})).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('a server', () => {
  it('answers bad calls with a status and serves their neighbours', async () => {
    const server = await serve(({ productIds }) =>
      productIds[0] === 'refused'
        ? Promise.reject(new AppError('rejected', 'STOCK_RESERVED', 'Too low', { details: { reserved: 3 } }))
        : Promise.resolve(itemsOf(...productIds)),
    );
    const { stream, answers, ended } = openStream(server.port());
    stream.write({ id: 1, method: PATH, request: Buffer.from([0xff]) });
    stream.write({ id: 2, method: '/inventory.v1.InventoryService/Unknown', request: Buffer.alloc(0) });
    stream.write({ id: 3, method: PATH, request: requestSerialize({ productIds: ['refused'] }) });
    stream.write({ id: 4, method: PATH, request: requestSerialize({ productIds: ['p'] }) });
    stream.end();
    await ended;
    expect(answers.sort((a, b) => a.id - b.id)).toMatchObject([
      { id: 1, status: status.INTERNAL },
      { id: 2, status: status.UNIMPLEMENTED },
      {
        ...{ id: 3, status: status.FAILED_PRECONDITION, message: 'Too low' },
        ...{ code: 'STOCK_RESERVED', details: '{"reserved":3}' },
      },
      { id: 4, status: status.OK, response: responseSerialize(itemsOf('p')) },
    ]);
  });

  it('answers the calls in flight when it stops, refuses later ones, and ends the stream', async () => {
    const finishers: (() => void)[] = [];
    const server = await serve(() => new Promise((resolve) => finishers.push(() => resolve(itemsOf()))));
    const { stream, answers, ended } = openStream(server.port());
    const call = (id: number) => stream.write({ id, method: PATH, request: Buffer.alloc(0) });
    call(1);
    await eventually(() => expect(finishers).toHaveLength(1));
    const stopped = server.stop();
    call(2);
    await eventually(() => expect(answers).toMatchObject([{ id: 2, status: status.UNAVAILABLE }]));
    finishers[0]!();
    await ended;
    await stopped;
    expect(answers.map(({ id }) => id)).toEqual([2, 1]);
    expect(finishers).toHaveLength(1);
  });

  it('refuses a response above the size limit without harm to its neighbours', async () => {
    let release = () => {};
    const server = await serve(({ productIds }) =>
      productIds[0] === 'large'
        ? Promise.resolve(itemsOf('x'.repeat(9 * 1024 * 1024)))
        : new Promise((resolve) => (release = () => resolve(itemsOf('p')))),
    );
    const { stream, answers, ended } = openStream(server.port());
    stream.write({ id: 1, method: PATH, request: Buffer.alloc(0) });
    stream.write({ id: 2, method: PATH, request: requestSerialize({ productIds: ['large'] }) });
    await eventually(() => expect(answers).toMatchObject([{ id: 2, status: status.RESOURCE_EXHAUSTED }]));
    release();
    stream.end();
    await ended;
    expect(answers.map(({ id }) => id)).toEqual([2, 1]);
    await expect(connect(server.port()).checkItems({ productIds: ['large'] })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('reads no more than 1,000 unanswered calls from a stream', async () => {
    const finishers: (() => void)[] = [];
    const server = await serve(() => new Promise((resolve) => finishers.push(() => resolve(itemsOf()))));
    const { stream, answers, ended } = openStream(server.port());
    for (let id = 1; id <= 1_500; id++) stream.write({ id, method: PATH, request: Buffer.alloc(0) });
    stream.end();
    await eventually(() => expect(finishers).toHaveLength(1_000));
    const other = connect(server.port()).checkItems({});
    await eventually(() => expect(finishers.length).toBeGreaterThan(1_000));
    expect(finishers).toHaveLength(1_001);
    for (const finish of finishers.splice(0)) finish();
    await other;
    await eventually(() => expect(finishers).toHaveLength(500));
    for (const finish of finishers) finish();
    await ended;
    expect(answers).toHaveLength(1_500);
  });
});
