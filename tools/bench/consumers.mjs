// @ts-check
/*
 * Measures how far the consumers of the wallet's events lag behind under a steady load of half the wallet's maximum. Only
 * reports the results; there are no thresholds.
 *
 *   npm run bench:consumers                                                    the services that ./setup.sh started
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
const SAMPLE_INTERVAL_MS = 100;

/** @type {string[]} */
const wallets = [];
for (let index = 0; index < WALLETS; index++)
  wallets.push((await ask('POST', `${walletUrl}/api/v1/wallets/`, undefined)).id);

/** Each connection cycles through its own wallets. @param {number} connection */
const deposits = (connection) =>
  wallets
    .filter((_, index) => index % CONNECTIONS === connection)
    .map((wallet) => post(`/api/v1/wallets/${wallet}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' }));

const maximum = await measure({ url: walletUrl, seconds: WARM_SECONDS, connections: CONNECTIONS }, deposits);
report('maximum rate of deposits, consumers running', maximum);
await untilIdle();

const before = await readConsumers();
const lags = new Map([...before.keys()].map((consumer) => [consumer, /** @type {number[]} */ ([])]));
const sampling = setInterval(async () => {
  for (const [consumer, { lag }] of await readConsumers()) lags.get(consumer)?.push(lag);
}, SAMPLE_INTERVAL_MS);
let connection = 0;
const rate = Math.round(maximum.perSecond / 2);
const steady = await autocannon({
  url: walletUrl,
  connections: CONNECTIONS,
  duration: Number(seconds),
  overallRate: rate,
  setupClient: (client) => client.setRequests(deposits(connection++)),
});
clearInterval(sampling);
console.log(`steady load: ${(steady.requests.total / steady.duration).toFixed(0)} deposits/s for ${seconds} s`);
for (const [consumer, samples] of lags) {
  const sorted = samples.sort((a, b) => a - b);
  const quantile = (/** @type {number} */ share) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(2);
  console.log(`${consumer.padEnd(16)} lag p50 ${quantile(0.5)} s  p99 ${quantile(0.99)} s  max ${quantile(1)} s`);
}
const loadEndedAt = Date.now();
await untilIdle();
const after = await readConsumers();
for (const [consumer, { applied }] of after) {
  const events = applied - (before.get(consumer)?.applied ?? 0);
  console.log(
    `${consumer.padEnd(16)} ${events} events applied, the last at most ${Date.now() - loadEndedAt} ms after the load ended`,
  );
}

/** @returns {Promise<Map<string, { lag: number, applied: number }>>} the lag in seconds and the events applied, by consumer */
async function readConsumers() {
  const text = await (await fetch(`${monitoringUrl}/metrics`)).text();
  const consumers = new Map();
  for (const [, consumer = '', lag] of text.matchAll(
    /^souk_consumer_lag_seconds\{[^}]*consumer="([\w-]+)"[^}]*\} (\S+)$/gm,
  ))
    consumers.set(consumer, { lag: Number(lag), applied: 0 });
  for (const [line, consumer = '', count] of text.matchAll(
    /^souk_consumer_events_total\{[^}]*consumer="([\w-]+)"[^}]*\} (\S+)$/gm,
  ))
    if (line.includes('outcome="applied"'))
      consumers.set(consumer, { lag: 0, ...consumers.get(consumer), applied: Number(count) });
  return consumers;
}

/** Waits until no more events are applied. */
async function untilIdle() {
  for (let previous = -1; ;) {
    const applied = [...(await readConsumers()).values()].reduce((sum, consumer) => sum + consumer.applied, 0);
    if (applied === previous) return;
    previous = applied;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
