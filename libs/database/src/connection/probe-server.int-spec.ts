import {
  createCuttableProxy,
  ENGINE_START_TIMEOUT_MS,
  startTestMysqlServer,
  type CuttableProxy,
  type TestMysqlServer,
} from '@souk/testing';
import { migrate, type Migration } from '../schema/migrator';

const MIGRATIONS: Migration[] = [{ name: '0001-nothing', statements: ['SELECT 1'] }];
/** Spaces of the same length as `text`, since a message announces its length. */
const blank = (text: string) => ' '.repeat(text.length);

let server: TestMysqlServer;
let proxy: CuttableProxy;
let proxyUrl: string;

beforeAll(async () => {
  server = await startTestMysqlServer('--log-bin=binlog', '--server-id=1', '--sync-binlog=1');
  proxy = await createCuttableProxy(server);
  const url = new URL(server.url);
  url.port = String(proxy.port);
  proxyUrl = url.href;
}, ENGINE_START_TIMEOUT_MS);

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

afterEach(() => {
  proxy.alter((chunk) => chunk);
  proxy.alterRequests((chunk) => chunk);
});

test('a supported server with safe settings is accepted without a warning', async () => {
  await expect(migrate(server.url, MIGRATIONS)).resolves.toBeUndefined();
});

test.each([
  ['innodb_flush_log_at_trx_commit', 2, 1, /innodb_flush_log_at_trx_commit is 2: a crash would lose commits/],
  ['innodb_flush_log_at_trx_commit', 0, 1, /innodb_flush_log_at_trx_commit is 0: a crash would lose commits/],
  ['sync_binlog', 0, 1, /sync_binlog is 0: a crash would lose commits/],
  ['max_allowed_packet', 1_048_576, 16_777_216, /max_allowed_packet is 1048576: large batches need 16777216/],
])('a server whose %s is %d is refused', async (name, unsafe, safe, reason) => {
  await server.rows(`SET GLOBAL ${name} = ${unsafe}`);
  await expect(migrate(server.url, MIGRATIONS)).rejects.toThrow(reason);
  await server.rows(`SET GLOBAL ${name} = ${safe}`);
  await expect(migrate(server.url, MIGRATIONS)).resolves.toBeUndefined();
});

test('a server that ignores SKIP LOCKED is refused', async () => {
  proxy.alterRequests((chunk) => Buffer.from(chunk.toString('latin1').replace('SKIP LOCKED', blank), 'latin1'));
  await expect(migrate(proxyUrl, MIGRATIONS)).rejects.toThrow(/SKIP LOCKED does not skip locked rows/);
});

test.each([
  ['sql_mode', 'SET sql_mode', 'SET @ql_mode'],
  ['time_zone', ' time_zone =', ' @ime_zone ='],
  ['(tx|transaction)_isolation', 'ISOLATION LEVEL READ COMMITTED', 'ISOLATION LEVEL SERIALIZABLE  '],
  ['character_set_client', 'NAMES utf8mb4 COLLATE utf8mb4_bin', 'NAMES latin1  COLLATE latin1_bin '],
])('a server that ignores the session setting %s is refused', async (name, sent, received) => {
  proxy.alterRequests((chunk) => Buffer.from(chunk.toString('latin1').replace(sent, received), 'latin1'));
  await expect(migrate(proxyUrl, MIGRATIONS)).rejects.toThrow(new RegExp(`the database ignores SET ${name} = `));
});

test('a version that is known not to work is refused, and an untested one causes a warning', async () => {
  const [{ version } = { version: '' }] = await server.rows<{ version: string }>('SELECT VERSION() AS version');
  const pretendVersion = (digit: string) => {
    const pretendedVersion = version.replace(/^\d+\.\d+/, (series) => series.replace(/\d/g, digit));
    proxy.alter((chunk) => Buffer.from(chunk.toString('latin1').replaceAll(version, pretendedVersion), 'latin1'));
  };
  pretendVersion('0');
  await expect(migrate(proxyUrl, MIGRATIONS)).rejects.toThrow(/does not work/);
  pretendVersion('9');
  await expect(migrate(proxyUrl, MIGRATIONS)).resolves.toMatch(/: Souk is tested with/);
});
