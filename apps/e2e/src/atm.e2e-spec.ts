import { eventually } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createShopClient, type Answer, type Send } from '../test/shop-client';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openAccounts, type Account } from '../test/wallet-operations';

const MINUTE_MS = 60_000;
const WITHDRAWALS = 300;
const RETRY_MS = 50;

let souk: SoukSystem;

beforeAll(async () => {
  souk = await startSouk({ WITHDRAWAL_TTL: '5' });
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

/** Retries with the same idempotency key until the reply is final. */
async function withdraw(send: () => Send, body: Record<string, unknown>): Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await send()('POST', '/atm/withdrawal', body, headers).catch(() => undefined);
    if (answer && answer.status !== 429 && answer.status < 500) return answer;
    await delay(RETRY_MS);
  }
}

const refill = async (send: Send) => {
  const { status } = await send('POST', '/atm/refill', {
    money: { '200': 40, '20': 200, '1': 500, '0.1': 900, '0.01': 900 },
  });
  expect(status).toBe(200);
};
const totalOf = async (send: Send) => cents((await send('GET', '/atm/total')).body['total']);
const cents = (amount: unknown) => Math.round(Number(amount) * 100);
/** Amounts that need different mixes of bills and coins. */
const AMOUNTS = [0.3, 1.11, 20, 41.2, 0.07, 222.22];
const amountOf = (index: number) => AMOUNTS[index % AMOUNTS.length]!;

interface JournalEntry {
  id: string;
  type: string;
  status: string | null;
  amount: number;
  change: Record<string, number>;
  account_id: string | null;
}

async function readJournal(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (let after = ''; ;) {
    const { body } = await souk.sendToAtm('GET', `/atm/journal?limit=500${after}`);
    entries.push(...(body['items'] as JournalEntry[]));
    if (body['next'] === null) return entries;
    after = `&after=${encodeURIComponent(body['next'] as string)}`;
  }
}

/** @returns the contents of the machine according to its journal, in cents */
const journalTotal = (entries: readonly JournalEntry[]) =>
  entries
    .flatMap(({ change }) => Object.entries(change))
    .reduce((sum, [denomination, count]) => sum + cents(denomination) * count, 0);

/** Makes withdrawals concurrently, and checks the amount left in the machine and in its journal against the amount paid out. */
async function expectAmountsToAgree(send: (index: number) => Send, disturb: () => Promise<void>): Promise<void> {
  await refill(souk.sendToAtm);
  const before = await totalOf(souk.sendToAtm);
  const withdrawals = Array.from({ length: WITHDRAWALS }, (_, index) =>
    withdraw(() => send(index), { amount: amountOf(index) }),
  );
  await disturb();
  const paid = (await Promise.all(withdrawals)).filter(({ status }) => status === 200);
  expect(paid.length).toBeGreaterThan(WITHDRAWALS / 2);
  const sum = paid.reduce((total, { body }) => total + cents(body['requested_amount']), 0);
  expect(await totalOf(souk.sendToAtm)).toBe(before - sum);
  expect(journalTotal(await readJournal())).toBe(before - sum);
}

test(
  '300 concurrent withdrawals while the machine and its store are killed: the amounts paid and left agree to the cent',
  async () => {
    await expectAmountsToAgree(
      () => souk.sendToAtm,
      async () => {
        await delay(30);
        await souk.kill('atm-api');
        await souk.kill('redis');
        await souk.healthy();
      },
    );
  },
  3 * MINUTE_MS,
);

test(
  '300 withdrawals from two processes on one store while one of them is frozen: the amounts paid and left agree to the cent',
  async () => {
    await souk.scale('atm-api', 2);
    await souk.healthy();
    const secondReplica = createShopClient(
      souk.urls.atmApi.replace(/\d+$/, (port) => String(Number(port) + 10)),
      souk.adminKey,
    );
    let isFrozen = false;
    await expectAmountsToAgree(
      (index) => (index % 2 === 0 || isFrozen ? souk.sendToAtm : secondReplica),
      async () => {
        await delay(20);
        await souk.freeze('atm-api-2');
        isFrozen = true;
        await delay(500);
        await souk.thaw('atm-api-2');
      },
    );
    await souk.scale('atm-api', 1);
  },
  3 * MINUTE_MS,
);

const CRASHES = 12;
const CUSTOMERS = 8;

test(
  'withdrawals from accounts while the machine and the wallet are killed at random: charges and dispensed cash agree',
  async () => {
    const accounts = await openAccounts(souk, CUSTOMERS);
    await refill(souk.sendToAtm);
    let isDone = false;
    const customer = async ({ id }: Account, index: number) => {
      const replies: Answer[] = [];
      while (!isDone)
        replies.push(
          await withdraw(() => souk.sendToAtm, { amount: amountOf(index + replies.length), account_id: id }),
        );
      return replies;
    };
    const withdrawals = Promise.all(accounts.map(customer));
    for (let crash = 0; crash < CRASHES; crash++) {
      await delay(Math.random() * 150);
      await souk.kill(crash % 4 === 3 ? 'wallet-api' : 'atm-api');
      await souk.healthy();
    }
    isDone = true;
    const answers = await withdrawals;

    await eventually(async () => {
      const byId = new Map((await readJournal()).reverse().map((entry) => [entry.id, entry]));
      expect([...byId.values()].filter(({ status }) => status === 'open')).toEqual([]);
    }, MINUTE_MS);
    const dispensed = (await readJournal()).filter(
      ({ status, account_id }) => status === 'dispensed' && account_id !== null,
    );
    const confirmed = answers.flat().filter(({ status }) => status === 200);
    expect(dispensed).toHaveLength(confirmed.length);
    await eventually(async () => {
      const charged = await souk.rows<{ payment_id: string; amount: string }>(
        "SELECT payment_id, amount FROM wallet.payment WHERE payee_reference = 'atm-main' AND state = 'charged'",
      );
      expect(new Map(charged.map(({ payment_id, amount }) => [payment_id, Number(amount)]))).toEqual(
        new Map(dispensed.map(({ id, amount }) => [id, cents(amount)])),
      );
    }, MINUTE_MS);
    expect(journalTotal(await readJournal())).toBe(await totalOf(souk.sendToAtm));
    expect(await souk.audit()).toEqual([]);
  },
  6 * MINUTE_MS,
);
