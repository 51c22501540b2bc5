// @ts-check
/*
 * Measures how far the consumers of the wallet's events lag behind under a steady load of half the wallet's maximum. Only
 * reports the results; there are no thresholds.
 *
 *   npm run bench:consumers                                                    what ./setup.sh started
 *   npm run bench:consumers -- http://127.0.0.1:5004 http://127.0.0.1:5006 30  other services, and the seconds of steady load
 *
 * To measure how many events per second a consumer can apply, rebuild it: ./setup.sh rebuild analytics
 */
import autocannon from 'autocannon';
import { ask, CONNECTIONS, measure, post, report } from './measure.mjs';

const [walletUrl = 'http://127.0.0.1:5004', monitoringUrl = 'http://127.0.0.1:5006', seconds = '20'] =
  process.argv.slice(2);
const WALLETS = 200;
const WARM_SECONDS = '8';
const LOOK_EVERY_MS = 100;

/** @type {string[]} */
const wallets = [];
for (let index = 0; index < WALLETS; index++)
  wallets.push((await ask('POST', `${walletUrl}/api/v1/wallets/`, undefined)).id);

/** Each connection cycles through its own wallets. @param {number} connection */
const deposits = (connection) =>
  wallets
    .filter((_, index) => index % CONNECTIONS === connection)
    .map((wallet) => post(`/api/v1/wallets/${wallet}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' }));

const most = await measure({ url: walletUrl, seconds: WARM_SECONDS, connections: CONNECTIONS }, deposits);
report('deposits at most, consumers at work', most);
await untilIdle();

const before = await look();
const lags = new Map([...before.keys()].map((consumer) => [consumer, /** @type {number[]} */ ([])]));
const looking = setInterval(async () => {
  for (const [consumer, { lag }] of await look()) lags.get(consumer)?.push(lag);
}, LOOK_EVERY_MS);
let last = 0;
const rate = Math.round(most.perSecond / 2);
const steady = await autocannon({
  url: walletUrl,
  connections: CONNECTIONS,
  duration: Number(seconds),
  overallRate: rate,
  setupClient: (client) => client.setRequests(deposits(last++)),
});
clearInterval(looking);
console.log(`steady load: ${(steady.requests.total / steady.duration).toFixed(0)} deposits/s for ${seconds} s`);
for (const [consumer, seen] of lags) {
  const sorted = seen.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(2);
  console.log(`${consumer.padEnd(16)} lag p50 ${at(0.5)} s  p99 ${at(0.99)} s  most ${at(1)} s`);
}
const drained = Date.now();
await untilIdle();
const after = await look();
for (const [consumer, { applied }] of after) {
  const events = applied - (before.get(consumer)?.applied ?? 0);
  console.log(
    `${consumer.padEnd(16)} ${events} events applied, the last ${Date.now() - drained} ms after the load ended at most`,
  );
}

/** @returns {Promise<Map<string, { lag: number, applied: number }>>} lag in seconds, events applied, by consumer */
async function look() {
  const text = await (await fetch(`${monitoringUrl}/metrics`)).text();
  const found = new Map();
  for (const [, consumer = '', lag] of text.matchAll(
    /^souk_consumer_lag_seconds\{[^}]*consumer="([\w-]+)"[^}]*\} (\S+)$/gm,
  ))
    found.set(consumer, { lag: Number(lag), applied: 0 });
  for (const [line, consumer = '', count] of text.matchAll(
    /^souk_consumer_events_total\{[^}]*consumer="([\w-]+)"[^}]*\} (\S+)$/gm,
  ))
    if (line.includes('outcome="applied"'))
      found.set(consumer, { lag: 0, ...found.get(consumer), applied: Number(count) });
  return found;
}

/** Waits until nothing more is applied. */
async function untilIdle() {
  for (let seen = -1; ;) {
    const applied = [...(await look()).values()].reduce((sum, each) => sum + each.applied, 0);
    if (applied === seen) return;
    seen = applied;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
