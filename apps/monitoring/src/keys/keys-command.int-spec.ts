import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { keysCommand } from './keys-command';

let database: TestDatabase;
let printed: { out: string[]; err: string[] };

beforeAll(async () => {
  database = await createTestDatabase('keys');
});
afterAll(() => database.drop());
beforeEach(() => {
  printed = { out: [], err: [] };
  jest.spyOn(console, 'log').mockImplementation((text: unknown) => void printed.out.push(String(text)));
  jest.spyOn(console, 'error').mockImplementation((text: unknown) => void printed.err.push(String(text)));
});
afterEach(() => jest.restoreAllMocks());

const run = (action: string, ...args: string[]) =>
  keysCommand(action, args, {
    ACCESS_DATABASE_URL: database.url,
    MONITORING_DATABASE_URL: database.url,
    RABBITMQ_URL: 'amqp://localhost',
    WALLET_ADDRESS: 'localhost:9200',
    WEBHOOK_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  });

test('creates a key and prints it alone on standard output', async () => {
  expect(await run('create', 'shop', '--scopes', 'shop:write,wallet:read', '--expires-in', '90')).toBe(0);
  expect(printed.out).toEqual([expect.stringMatching(/^souk_shop_[0-9A-Za-z]{43}$/)]);
  expect(printed.err.join()).toContain('It is shown only once.');
  expect(await run('create', 'shop', '--scopes', 'shop:read')).toBe(1);
  expect(printed.err.at(-1)).toContain('There is already a key "shop"');
});

test('says what becomes of the earlier secrets after a rotation', async () => {
  await run('create', 'rotated', '--scopes', 'shop:read');
  expect(await run('rotate', 'rotated', '--overlap', '24')).toBe(0);
  expect(printed.err.at(-1)).toContain('The previous one works until');
  expect(await run('rotate', 'rotated', '--overlap', '48')).toBe(0);
  expect(printed.err.at(-1)).toContain('the one created since then no longer works');
  expect(await run('rotate', 'rotated', '--overlap', '0')).toBe(0);
  expect(printed.err.at(-1)).toContain('All earlier secrets have stopped working.');
  expect(printed.out).toHaveLength(4);
});

test('revokes a key for good', async () => {
  await run('create', 'gone', '--scopes', 'shop:read');
  expect(await run('revoke', 'gone')).toBe(0);
  expect(await run('rotate', 'gone')).toBe(1);
  expect(printed.err.at(-1)).toContain('The key "gone" is revoked');
  expect(await run('revoke', 'never-there')).toBe(1);
});

test('lists keys as text or as JSON, without their secrets', async () => {
  await run('create', 'listed', '--scopes', 'operator');
  printed.out = [];
  expect(await run('list', '--json')).toBe(0);
  const keys = JSON.parse(printed.out.join()) as { id: string; key: unknown }[];
  expect(keys.find(({ id }) => id === 'listed')).toMatchObject({ scopes: ['operator'], key: null });
  expect(await run('list')).toBe(0);
  expect(printed.out.some((line) => /^listed +never expires +last used never +operator$/.test(line))).toBe(true);
});

test.each([
  ['no name', ['create', '--scopes', 'shop:read']],
  ['an invalid name', ['create', 'Shop', '--scopes', 'shop:read']],
  ['no scopes', ['create', 'x']],
  ['an unknown scope', ['create', 'x', '--scopes', 'shop:all']],
  ['an expiry that is no number', ['create', 'x', '--scopes', 'shop:read', '--expires-in=']],
  ['an expiry today', ['create', 'x', '--scopes', 'shop:read', '--expires-in', '0']],
  ['a long overlap', ['rotate', 'x', '--overlap', '721']],
  ['a long title', ['create', 'x', '--scopes', 'shop:read', '--title', 'x'.repeat(101)]],
  ['another argument', ['revoke', 'x', 'y']],
  ['an unknown option', ['create', 'x', '--scope', 'shop:read']],
  ['an unknown command', ['make', 'x']],
])('refuses %s and changes nothing', async (_case, [action, ...args]) => {
  expect(await run(action!, ...args)).toBe(1);
  expect(printed.out).toEqual([]);
  expect(printed.err.join('\n')).not.toMatch(/\n +at /);
  await run('list', '--json');
  expect(printed.out.join()).not.toContain('"x"');
});
