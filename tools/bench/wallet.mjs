// @ts-check
/*
 * Measures a running wallet: compares deposits to one hot wallet with the same load spread over 1,000 wallets, and with a bare
 * Express app that only reads the body and responds with JSON. They alternate, so that all run under the same conditions. Rates
 * drift with the machine; the ratios to the spread load and to the bare app show the wallet's cost. Each deposit is durable
 * before it is answered. Only reports the results; there are no thresholds.
 *
 *   npm run bench:wallet                                  the wallet that ./setup.sh started
 *   npm run bench:wallet -- http://127.0.0.1:5004 10      another wallet, and the seconds per measurement
 *
 * Set ADMIN_API_KEY in the environment if the wallet requires it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ask, CONNECTIONS, measure, post, report, SECONDS_DEFAULT } from './measure.mjs';

const [url = 'http://127.0.0.1:5004', seconds = SECONDS_DEFAULT] = process.argv.slice(2);
const WALLETS = 1_000;
const ROUNDS = 3;

/** @type {string[]} */
const wallets = [];
for (let index = 0; index < WALLETS; index++) wallets.push((await ask('POST', `${url}/api/v1/wallets/`, undefined)).id);

/** @param {{ perSecond: number }} result @param {{ perSecond: number }} baseline */
const ratio = (result, baseline) => (result.perSecond / baseline.perSecond).toFixed(2);

/** @param {string} [wallet] */
const deposit = (wallet = '') =>
  post(`/api/v1/wallets/${wallet}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' });
const hot = () => [deposit(wallets[0])];
/** Each connection cycles through its own wallets. @param {number} connection */
const spread = (connection) => wallets.filter((_, index) => index % CONNECTIONS === connection).map(deposit);

const load = { url, seconds, connections: CONNECTIONS };
const bareApp = fork(new URL('bare-express.mjs', import.meta.url));
const [barePort] = await once(bareApp, 'message');
const bareLoad = { ...load, url: `http://127.0.0.1:${barePort}` };
await measure(bareLoad, hot); // warm
await measure(load, spread);
for (let round = 1; round <= ROUNDS; round++) {
  const [bare, one, many] = [await measure(bareLoad, hot), await measure(load, hot), await measure(load, spread)];
  report(`bare Express, ${CONNECTIONS} connections`, bare);
  report(`deposits to one wallet, ${CONNECTIONS} connections`, one);
  report(`deposits over ${WALLETS} wallets`, many);
  console.log(`one to many: ${ratio(one, many)}   one to bare Express: ${ratio(one, bare)}`);
}
bareApp.disconnect();
report('deposits to one wallet, 1 connection', await measure({ ...load, connections: 1 }, hot));
