// @ts-check
/*
 * Measures a running shop: how long it takes to add to a cart when the shop is idle, and how many adds and checkouts per second it
 * handles for 64 concurrent customers. Only reports the results; there are no thresholds.
 *
 *   npm run bench                                                        the shop that ./setup.sh started
 *   npm run bench -- http://127.0.0.1:5003 http://127.0.0.1:5004 10      another shop, its wallet, seconds per measurement
 *
 * Set ADMIN_API_KEY in the environment if the shop requires it.
 */
import { ask, CONNECTIONS, measure, post, report, SECONDS_DEFAULT } from './measure.mjs';

const [url = 'http://127.0.0.1:5003', walletUrl = 'http://127.0.0.1:5004', seconds = SECONDS_DEFAULT] =
  process.argv.slice(2);
const PRODUCT = { productName: 'What the benchmark buys', quantity: 2_000_000_000, unitPrice: '0.01' };
const productID = 'benchmark';

/** One customer per connection, so that no cart is shared. Each has money. */
const customers = Array.from({ length: CONNECTIONS }, (_, index) => `bench-${process.pid}-${index}`);

/** @param {string} clientID */
const add = (clientID) => post('/addToCart', { clientID, productID, quantity: 1 });
/** @param {string} clientID */
const checkOut = (clientID) => post('/checkOutCart', { clientID });
/** @param {number} connection */
const addOnly = (connection) => [add(customers[connection] ?? `bench-${process.pid}-${connection}`)];
/** @param {number} connection */
const addAndPay = (connection) => {
  const clientID = customers[connection] ?? '';
  return [add(clientID), checkOut(clientID)];
};

await ask('PUT', `${url}/products/${productID}`, PRODUCT);
for (const reference of customers)
  await ask('POST', `${walletUrl}/accounts`, { reference, initial_balance: '1000000.00' });

const load = (/** @type {number} */ connections) => ({ url, seconds, connections });
await measure(load(CONNECTIONS), addOnly); // warm
report('adds, 1 connection', await measure(load(1), addOnly));
report(`adds, ${CONNECTIONS} connections`, await measure(load(CONNECTIONS), addOnly));
report('adds, 256 connections', await measure(load(256), addOnly));
report('add and check out, 1 connection: pairs', await measure(load(1), addAndPay), 2);
report(`add and check out, ${CONNECTIONS} connections: pairs`, await measure(load(CONNECTIONS), addAndPay), 2);
