import { REPOSITORY } from '@souk/testing';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { failWith, answerWith, startTestService, type TestService } from '../test/start-test-service';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

const USAGE = `
const souk = createCartApiClient({ url: process.argv[2], retry: { initialMs: 1 } });
const result = await souk.addToCart({ clientID: 'c', productID: 'p', quantity: 1 });
console.log(JSON.stringify({ attempts: result.attempts, body: unwrap(result) }));
`;

const TYPED_USAGE = `
import { createCartApiClient, unwrap, type Order } from '@souk/client';
const souk = createCartApiClient({ url: 'http://127.0.0.1:5003' });
export async function shop(signal: AbortSignal): Promise<Order[]> {
  const added = await souk.addToCart({ clientID: 'c', productID: 'p', quantity: 1 }, { signal });
  if (!added.ok && added.failure.code === 'INSUFFICIENT_STOCK') added.failure.available.toFixed();
  const paid = unwrap(await souk.checkOutCart({ clientID: 'c' }, { waitSeconds: 10, idempotencyKey: 'k' }));
  if (paid.status === 'success') paid.total.trim();
  const orders: Order[] = [];
  for await (const order of souk.orderEvents({ orderID: paid.orderID }, { signal })) orders.push(order);
  // @ts-expect-error a quantity is a number
  await souk.addToCart({ clientID: 'c', productID: 'p', quantity: '1' });
  // @ts-expect-error only one of the two options may be set
  await souk.checkOutCart({ clientID: 'c' }, { waitSeconds: 1, respondAsync: true });
  // @ts-expect-error CART_EMPTY is not a failure of addToCart
  if (!added.ok && added.failure.code === 'CART_EMPTY') return [];
  return orders;
}
`;

let service: TestService;
let folder: string;
let files: string[];

/** Runs npm offline: everything that npm packs and installs is local. */
const npm = (cwd: string, ...args: string[]) =>
  run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd });

beforeAll(async () => {
  service = await startTestService();
  folder = await mkdtemp(join(tmpdir(), 'souk-client-'));
  const built = join(folder, 'built');
  await run(process.execPath, [join(REPOSITORY, 'tools/run.mjs'), 'tools/build-client.ts', built]);
  const { stdout } = await npm(built, 'pack', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  files = packed.files.map(({ path }) => path);
  const user = join(folder, 'user');
  await mkdir(user);
  await writeFile(join(user, 'package.json'), '{ "private": true }');
  await npm(user, 'install', join(folder, packed.filename));
}, TIMEOUT_MS);

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

const user = (...path: string[]) => join(folder, 'user', ...path);

test('the package contains both module formats with their types, and no source, test or dependency', async () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      ...['esm/index.js', 'esm/index.d.ts', 'cjs/index.js', 'cjs/index.d.ts', 'esm/generated/cart-api.d.ts'],
    ]),
  );
  expect(files.filter((file) => /spec|test|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  const manifest = JSON.parse(await readFile(user('node_modules/@souk/client/package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({ name: '@souk/client', license: 'MIT' });
  expect(manifest).not.toHaveProperty('dependencies');
  expect(await readdir(user('node_modules/@souk'))).toEqual(['client']);
});

test.each([
  ['import', 'esm.mjs', `import { createCartApiClient, unwrap } from '@souk/client';${USAGE}`],
  ['require', 'cjs.cjs', `const { createCartApiClient, unwrap } = require('@souk/client');(async () => {${USAGE}})();`],
])('the package works with %s', async (_loader, name, source) => {
  service.script(failWith(503, 'UNAVAILABLE'), answerWith(200, { status: 'success', error: '' }));
  await writeFile(user(name), source);
  const { stdout } = await run(process.execPath, [user(name), service.url]);
  expect(JSON.parse(stdout)).toEqual({ attempts: 2, body: { status: 'success', error: '' } });
});

test.each([
  ['Node.js, import', 'a.mts', ['--module', 'nodenext', '--lib', 'es2022,dom,dom.asynciterable']],
  ['Node.js, require', 'b.cts', ['--module', 'nodenext', '--lib', 'es2022,dom,dom.asynciterable']],
  ['a bundler', 'c.ts', ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom']],
])(
  'the types are correct for %s',
  async (_environment, name, args) => {
    await writeFile(user(name), TYPED_USAGE);
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', ...args, name];
    const { stdout } = await run(process.execPath, [tsc, ...options], { cwd: user() }).catch((error: unknown) => ({
      stdout: (error as { stdout: string }).stdout,
    }));
    expect(stdout).toBe('');
  },
  TIMEOUT_MS,
);
