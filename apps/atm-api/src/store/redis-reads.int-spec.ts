import { testEngines } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { askAtm, readWholeJournal } from '../../test/ask-test-atm';
import { createTestStorage, startTestAtm } from '../../test/start-test-atm';

/** Splits received bytes into complete commands of the Redis protocol. @returns the commands and the incomplete rest */
function splitCommands(received: string): [commands: string[], rest: string] {
  const commands: string[] = [];
  for (let start = 0; ;) {
    const header = /^\*(\d+)\r\n/.exec(received.slice(start));
    let end = start + (header?.[0].length ?? 0);
    for (let part = 0; header && part < Number(header[1]); part++) {
      const length = /^\$(\d+)\r\n/.exec(received.slice(end));
      end += length ? length[0].length + Number(length[1]) + '\r\n'.length : Infinity;
    }
    if (!header || end > received.length) return [commands, received.slice(start)];
    commands.push(received.slice(start, end));
    start = end;
  }
}

/** Forwards commands one at a time, and awaits `afterReply` after each reply. */
async function createSteppingProxy(
  target: { host: string; port: number },
  afterReply: (command: string) => Promise<void>,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const redis = connect({ ...target, noDelay: true });
    let partialLine = '';
    let stepping: Promise<unknown> = Promise.resolve();
    const step = async (command: string) => {
      redis.write(command, 'latin1');
      const [reply] = (await once(redis, 'data')) as [Buffer];
      client.write(reply);
      await afterReply(command);
    };
    client.on('data', (chunk: Buffer) => {
      const [commands, incomplete] = splitCommands(partialLine + chunk.toString('latin1'));
      partialLine = incomplete;
      for (const command of commands) stepping = stepping.then(() => step(command)).catch(() => undefined);
    });
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [client, redis].forEach((peer) => peer.destroy()));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async () => {
    sockets.forEach((socket) => socket.destroy());
    await once(server.close(), 'close');
  };
  return { port: (server.address() as AddressInfo).port, close };
}

it('dispenses once per key when another process dispenses for the same key between the two reads', async () => {
  const storage = createTestStorage('redis');
  const { host, port } = testEngines().redis;
  const otherAtm = await startTestAtm(storage);
  const key = randomUUID();
  const withdraw = (atm: { url: string }) => askAtm(atm.url)('POST /atm/withdrawal', { body: { amount: 20 }, key });

  const reads: string[] = [];
  let isWatching = false;
  const proxy = await createSteppingProxy({ host, port }, async (command) => {
    if (!isWatching || !/\r\n(hget|mget)\r\n/i.test(command)) return;
    reads.push(/hget/i.test(command) ? 'state' : 'outcomes');
    if (reads.length === 1) expect((await withdraw(otherAtm)).status).toBe(200);
  });
  const url = new URL(storage.settings.REDIS_URL!);
  url.port = String(proxy.port);
  const atm = await startTestAtm({ ...storage, settings: { ...storage.settings, REDIS_URL: url.href } });
  try {
    isWatching = true;
    const reply = await withdraw(atm);
    expect(reads.slice(0, 2).toSorted()).toEqual(['outcomes', 'state']);
    expect([reply.status, reply.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const journal = await readWholeJournal(askAtm(otherAtm.url));
    expect(journal.filter(({ type }) => type === 'withdrawal')).toHaveLength(1);
  } finally {
    for (const { stop } of [atm, otherAtm]) await stop();
    await proxy.close();
    storage.remove();
  }
});
