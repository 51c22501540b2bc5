/*
 * Measures the cost of choosing pieces, which runs on the thread that serves requests: the usual and the worst CPU time for
 * 2000.00 and for amounts up to it, from random stocks. Only reports the results; there are no thresholds.
 *
 *   npm run bench:dispensing           1,000 draws for each kind of machine
 *   npm run bench:dispensing -- 5000   5,000 draws
 */
import { dispense, type Denomination, type Stock } from '../../apps/atm-api/src/dispensing';

const draws = Number(process.argv[2] ?? 1_000);
const LIMITS = { amountMax: 200_000n, coinsMax: 50 };
const PLENTY = 1_000;
const WARM_DRAWS = 200;

/** Bills and coins, in cents. */
const MACHINES: Record<string, { bills: number[]; coins: number[] }> = {
  'the default denominations': { bills: [20_000, 10_000, 2_000], coins: [1_000, 500, 100, 10, 1] },
  'odd bills and the usual coins': { bills: [5_000, 2_000, 700, 300], coins: [50, 20, 7, 1] },
  'eight bills without a common step': { bills: [19_997, 9_991, 2_003, 701, 331, 101, 7, 3], coins: [] },
  'eight coins without a common step': { bills: [], coins: [19_997, 9_991, 4_001, 2_003, 701, 331, 101, 7] },
  'four of each without a common step': { bills: [19_997, 2_003, 331, 7], coins: [9_991, 701, 101, 3] },
};

// Draws are the same in every run (a linear congruential generator, Numerical Recipes' constants).
let state = 1;
const randomBelow = (end: number) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
};

const denominations = (kind: Denomination['kind'], values: number[]) =>
  values.map((value): Denomination => ({ kind, value: BigInt(value) }));

for (const [name, { bills, coins }] of Object.entries(MACHINES)) {
  const all = [...denominations('bill', bills), ...denominations('coin', coins)];
  /** Mostly few pieces, for which a greedy choice may fail. Some denominations are empty, and some never run out. */
  const randomStock = (): Stock[] =>
    all.map((denomination) => ({ denomination, count: [0, PLENTY][randomBelow(10)] ?? randomBelow(100) }));
  const amounts = { '2000.00': () => LIMITS.amountMax, 'up to 2000.00': () => BigInt(1 + randomBelow(200_000)) };
  for (const [label, amount] of Object.entries(amounts)) {
    const cpuTimesMs: number[] = [];
    for (let warm = 0; warm < WARM_DRAWS; warm++) dispense(randomStock(), amount(), LIMITS);
    let refused = 0;
    for (let draw = 0; draw < draws; draw++) {
      const [drawnStock, drawnAmount] = [randomStock(), amount()];
      const cpuBefore = process.cpuUsage();
      if (!dispense(drawnStock, drawnAmount, LIMITS).ok) refused++;
      const { user, system } = process.cpuUsage(cpuBefore);
      cpuTimesMs.push((user + system) / 1_000);
    }
    const sorted = cpuTimesMs.sort((a, b) => a - b);
    const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(2).padStart(6);
    console.log(
      `${name.padEnd(36)} ${label.padEnd(13)} p50 ${quantile(0.5)} ms  p99 ${quantile(0.99)} ms  worst ${quantile(1)} ms of CPU   ${refused} of ${draws} refused`,
    );
  }
}
