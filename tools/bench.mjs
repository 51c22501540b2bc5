// @ts-check
/*
 * Measures a running shop: how long one add takes with nothing else going on, and how many adds and check-outs a second
 * it does for 64 customers at once. Reports; judges nothing.
 *
 *   npm run bench                                  the shop that ./setup.sh started
 *   npm run bench -- http://127.0.0.1:5003 10      another, and the seconds of each measurement
 *   npm run bench -- http://127.0.0.1:6003 8 http://127.0.0.1:6004       and where its wallets are
 *
 * ADMIN_API_KEY in the environment is sent where the shop asks for it. Customers who check out get wallets first.
 */
import autocannon from 'autocannon';

const [url = 'http://127.0.0.1:5003', seconds = '8', wallets = 'http://127.0.0.1:5004'] = process.argv.slice(2);
const CONNECTIONS = 64;
const PRODUCT = { productName: 'What the benchmark buys', quantity: 2_000_000_000, unitPrice: '0.01' };
const productID = 'benchmark';
const json = { 'content-type': 'application/json' };
const asAdmin = { ...json, ...(process.env.ADMIN_API_KEY ? { 'x-api-key': process.env.ADMIN_API_KEY } : {}) };

let lastClient = 0;
const run = process.pid;
const customerOf = (/** @type {number} */ number) => `bench-${run}-${number}`;

/** Opens wallets for the customers who come next. @param {number} count */
async function openWallets(count) {
  const open = async (/** @type {string} */ reference) => {
    const body = JSON.stringify({ reference, initial_balance: '1000000.00' });
    const answer = await fetch(`${wallets}/accounts`, { method: 'POST', headers: asAdmin, body });
    if (!answer.ok) throw new Error(`a wallet could not be opened: ${answer.status} ${await answer.text()}`);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => open(customerOf(lastClient + 1 + index))));
}

/** One customer a connection, so that no cart is shared. @param {(clientID: string) => autocannon.Request[]} requestsOf */
function asCustomers(requestsOf) {
  return (/** @type {autocannon.Client} */ client) => client.setRequests(requestsOf(customerOf(++lastClient)));
}

/** @param {string} clientID @returns {autocannon.Request} */
const add = (clientID) => ({
  method: 'POST',
  path: '/addToCart',
  headers: json,
  body: JSON.stringify({ clientID, productID, quantity: 1 }),
});

/** @param {string} clientID @returns {autocannon.Request} */
const checkOut = (clientID) => ({
  method: 'POST',
  path: '/checkOutCart',
  headers: json,
  body: JSON.stringify({ clientID }),
});

/** @param {number} connections @param {(clientID: string) => autocannon.Request[]} requestsOf */
async function measure(connections, requestsOf) {
  const result = await autocannon({
    url,
    connections,
    duration: Number(seconds),
    setupClient: asCustomers(requestsOf),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  const { p50, p97_5, p99 } = result.latency;
  return { perSecond: result.requests.total / result.duration, p50, p97_5, p99, failed };
}

/** @param {string} what @param {Awaited<ReturnType<typeof measure>>} result @param {number} [requestsEach] */
function report(what, { perSecond, p50, p97_5, p99, failed }, requestsEach = 1) {
  const rate = (perSecond / requestsEach).toFixed(0).padStart(6);
  console.log(`${what.padEnd(44)}${rate} /s   p50 ${p50} ms  p97.5 ${p97_5} ms  p99 ${p99} ms   ${failed} not 2xx`);
}

const put = await fetch(`${url}/products/${productID}`, {
  method: 'PUT',
  headers: asAdmin,
  body: JSON.stringify(PRODUCT),
});
if (!put.ok) throw new Error(`the product could not be made: ${put.status} ${await put.text()}`);

await measure(CONNECTIONS, (clientID) => [add(clientID)]); // warm
report('adds, 1 connection', await measure(1, (clientID) => [add(clientID)]));
report(`adds, ${CONNECTIONS} connections`, await measure(CONNECTIONS, (clientID) => [add(clientID)]));
report('adds, 256 connections', await measure(256, (clientID) => [add(clientID)]));
await openWallets(1);
report('add and check out, 1 connection: pairs', await measure(1, (id) => [add(id), checkOut(id)]), 2);
await openWallets(CONNECTIONS);
report(
  `add and check out, ${CONNECTIONS} connections: pairs`,
  await measure(CONNECTIONS, (id) => [add(id), checkOut(id)]),
  2,
);
