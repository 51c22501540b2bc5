import { createServer } from 'node:net';
import { breakOff, answerWith, startTestService } from '../test/start-test-service';
import { createCartApiClient } from './client';
import { NoAnswerError } from './result';

const DONE = answerWith(200, { status: 'success', error: '' });
const ADD = { clientID: 'c', productID: 'p', quantity: 1 };

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

const errorOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => error as NoAnswerError,
  );

test('a refused connection is reported within a second, with the address', async () => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  for (const call of [
    () => createCartApiClient({ url }).addToCart(ADD),
    () => createCartApiClient({ url }).orderEvents({ orderID: 'o' }).next(),
  ]) {
    const startedAt = performance.now();
    const error = await errorOf(call());
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error!.message).toBe(`no answer after 3 attempts: cannot connect to ${url}`);
  }
});

test('a call to a service that has answered before gets all attempts, since the service may be restarting', async () => {
  const service = await startTestService();
  const retry = { attemptsMax: 5, initialMs: 1, maxMs: 2 };
  const api = createCartApiClient({ url: service.url, retry });
  service.script(DONE);
  await api.addToCart(ADD);
  await service.stop();
  expect(await errorOf(api.addToCart(ADD))).toMatchObject({ attempts: 5 });
});

test('a call whose connection breaks after being established gets all attempts', async () => {
  const service = await startTestService();
  service.script(breakOff, breakOff, breakOff, DONE);
  const api = createCartApiClient({ url: service.url, retry: { initialMs: 1, maxMs: 2 } });
  expect(await api.addToCart(ADD)).toMatchObject({ ok: true, attempts: 4 });
  await service.stop();
});

describe('in a browser page', () => {
  beforeAll(() => Object.assign(globalThis, { location: new URL('https://shop.example/cart') }));
  afterAll(() => Reflect.deleteProperty(globalThis, 'location'));

  const retry = { initialMs: 1, maxMs: 2 };
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));

  test('CORS is named as the likely cause if a service of another origin was never reached', async () => {
    const error = await errorOf(createCartApiClient({ url: 'https://api.example', retry, fetch }).addToCart(ADD));
    expect(error!.message).toMatch(/^no answer after 3 attempts: .*CORS_ORIGINS.*https:\/\/shop\.example$/);
  });

  test('CORS is not named for a service of the same origin', async () => {
    const error = await errorOf(createCartApiClient({ url: '/api', retry, fetch }).addToCart(ADD));
    expect(error!.message).toBe('no answer after 3 attempts: cannot connect to https://shop.example');
  });
});
