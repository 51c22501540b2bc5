import type { Operation } from './load/load';
import type { RepeatedScenarioName } from './scenario-names';
import { createRandom, createZipf } from './zipf';

/** What is measured: Souk, the floor that ratios refer to, or another floor. */
export type SideName = 'souk' | 'floor' | 'batched floor';

export type FloorProgram = 'add-floor' | 'batched-add-floor' | 'checkout-floor' | 'deposit-floor';

export interface Case {
  name: string;
  scenario: RepeatedScenarioName;
  connections: number;
  /** The API that Souk's side calls. */
  api: 'cartApi' | 'walletApi';
  floors: { side: Exclude<SideName, 'souk'>; program: FloorProgram }[];
  /** Whether the latency at half of Souk's maximum rate is measured too. */
  hasFixedRate: boolean;
  operations: Operation[];
}

/** What the operations use; it exists in Souk and in the schema of the floors. */
export interface TestData {
  headers: Record<string, string>;
  /** The first one is the hot one. */
  products: readonly string[];
  /** Each has a wallet, named by reference. */
  customers: readonly string[];
  /** The first one is the hot one. */
  walletIds: readonly string[];
  /** Wallets with enough money for every transfer, the most popular one first. */
  fundedWalletIds: readonly string[];
}

/** The floors of each scenario, the one that the ratios refer to first. Without one, they refer to the scenario's first case. */
export const FLOORS: Record<RepeatedScenarioName, Case['floors']> = {
  adds: [
    { side: 'floor', program: 'add-floor' },
    { side: 'batched floor', program: 'batched-add-floor' },
  ],
  checkouts: [{ side: 'floor', program: 'checkout-floor' }],
  deposits: [{ side: 'floor', program: 'deposit-floor' }],
  transfers: [],
};

interface Variant {
  label: string;
  connections: number;
  hasFixedRate: boolean;
  isHot: boolean;
  /** How unevenly wallets are used: see `createZipf`. */
  zipfExponent: number;
}

const variant = (connections: number, rest: Partial<Variant> = {}): Variant => ({
  ...{ label: '', connections, hasFixedRate: false, isHot: false, zipfExponent: 0 },
  ...rest,
});

const VARIANTS: Record<RepeatedScenarioName, Variant[]> = {
  adds: [variant(64, { hasFixedRate: true }), variant(256), variant(1)],
  checkouts: [
    variant(64, { label: 'spread', hasFixedRate: true }),
    variant(256, { label: 'spread' }),
    variant(64, { label: 'one hot product', isHot: true }),
  ],
  deposits: [
    variant(64, { label: 'spread', hasFixedRate: true }),
    variant(64, { label: 'one hot wallet', isHot: true }),
  ],
  transfers: [variant(64, { label: 'Zipf 1.0', zipfExponent: 1 }), variant(64, { label: 'Zipf 2.0', zipfExponent: 2 })],
};

/** @param connections replaces those of every case; cases that then differ in nothing become one */
export function listCases(scenarios: readonly RepeatedScenarioName[], stage: TestData, connections?: number): Case[] {
  const cases = scenarios.flatMap((scenario) =>
    VARIANTS[scenario].map((each): Case => {
      const count = connections ?? each.connections;
      const parts = [scenario, each.label, `${count} ${count === 1 ? 'connection' : 'connections'}`];
      return {
        ...{ scenario, connections: count, hasFixedRate: each.hasFixedRate },
        name: parts.filter((part) => part !== '').join(', '),
        api: scenario === 'deposits' || scenario === 'transfers' ? 'walletApi' : 'cartApi',
        floors: FLOORS[scenario],
        operations: OPERATIONS[scenario](stage, { ...each, connections: count }),
      };
    }),
  );
  return cases.filter(({ name }, index) => cases.findIndex((other) => other.name === name) === index);
}

/** Enough for every connection to have a sequence of its own. */
const TRANSFERS = 8_192;
const TRANSFER_SEED = 1;

const OPERATIONS: Record<RepeatedScenarioName, (stage: TestData, variant: Variant) => Operation[]> = {
  adds: ({ headers, products, customers }) =>
    customers.map((customer, index) => [add(headers, `adds-${customer}`, products[index % products.length]!)]),
  checkouts: ({ headers, products, customers }, { isHot }) =>
    customers.map((clientID, index) => [
      add(headers, clientID, isHot ? products[0]! : products[(2 * index) % products.length]!),
      add(headers, clientID, products[(2 * index + 1) % products.length]!),
      post(headers, '/checkOutCart', { clientID }),
    ]),
  deposits: ({ headers, walletIds }, { isHot, connections }) => {
    const wallets = isHot ? Array.from({ length: connections }, () => walletIds[0]!) : walletIds;
    return wallets.map((id) => [
      post(headers, `/api/v1/wallets/${id}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' }),
    ]);
  },
  transfers: ({ headers, fundedWalletIds }, { zipfExponent }) => {
    const draw = createZipf(fundedWalletIds.length, zipfExponent, createRandom(TRANSFER_SEED));
    return Array.from({ length: TRANSFERS }, () => {
      const from = draw();
      let to = draw();
      while (to === from) to = draw();
      const wallets = { from_wallet_id: fundedWalletIds[from]!, to_wallet_id: fundedWalletIds[to]! };
      return [post(headers, '/transfers', { ...wallets, amount: '1.00' })];
    });
  },
};

const add = (headers: TestData['headers'], clientID: string, productID: string) =>
  post(headers, '/addToCart', { clientID, productID, quantity: 1 });

const post = (headers: TestData['headers'], path: string, body: object): Operation[number] => ({
  ...{ method: 'POST', path, headers },
  body: JSON.stringify(body),
});
