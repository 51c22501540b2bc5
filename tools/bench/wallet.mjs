// @ts-check
/*
 * Measures a running wallet: deposits to one hot wallet against the same load spread over 1,000 wallets, in turns, so that
 * both see the same machine. Each deposit is durable when it is answered. Reports; judges nothing.
 *
 *   npm run bench:wallet                                  the wallet that ./setup.sh started
 *   npm run bench:wallet -- http://127.0.0.1:5004 10      another, and the seconds of each measurement
 *
 * ADMIN_API_KEY in the environment is sent where the wallet asks for it.
 */
import { ask, CONNECTIONS, measure, post, report, SECONDS_DEFAULT } from './measure.mjs';

const [url = 'http://127.0.0.1:5004', seconds = SECONDS_DEFAULT] = process.argv.slice(2);
const WALLETS = 1_000;
const ROUNDS = 3;

/** @type {string[]} */
const wallets = [];
for (let index = 0; index < WALLETS; index++) wallets.push((await ask('POST', `${url}/api/v1/wallets/`, undefined)).id);

/** @param {string} [wallet] */
const deposit = (wallet = '') =>
  post(`/api/v1/wallets/${wallet}/operation`, { operation_type: 'DEPOSIT', amount: '1.00' });
const hot = () => [deposit(wallets[0])];
/** Every connection goes round wallets of its own. @param {number} connection */
const spread = (connection) => wallets.filter((_, index) => index % CONNECTIONS === connection).map(deposit);

const load = { url, seconds, connections: CONNECTIONS };
await measure(load, spread); // warm
for (let round = 1; round <= ROUNDS; round++) {
  const [one, many] = [await measure(load, hot), await measure(load, spread)];
  report(`deposits to one wallet, ${CONNECTIONS} connections`, one);
  report(`deposits over ${WALLETS} wallets`, many);
  console.log(`one to many: ${(one.perSecond / many.perSecond).toFixed(2)}`);
}
report('deposits to one wallet, 1 connection', await measure({ ...load, connections: 1 }, hot));
