// @ts-check
import { accountIdOf, DEMO_BALANCE, DEMO_CUSTOMER } from '../seed/demo.mjs';
import { atmApiUrl, cartApiUrl, monitoringApiUrl, walletApiUrl } from '../settings/addresses.mjs';

/**
 * What to try and where to look once the shop runs.
 *
 * @param {import('../settings/settings.mjs').Settings} settings
 * @param {{ mysql: string, logs?: string }} inside how to open the database, and where the logs are if they are files
 */
export function welcome(settings, { mysql, logs }) {
  const url = cartApiUrl(settings);
  const wallets = walletApiUrl(settings);
  const account = (/** @type {string} */ reference) => `curl -s ${wallets}/accounts/${accountIdOf(reference)}`;
  const [machine, monitoring] = [atmApiUrl(settings), monitoringApiUrl(settings)];
  const customer = accountIdOf(DEMO_CUSTOMER);
  const post = (/** @type {string} */ to, /** @type {object} */ body) =>
    `curl -s ${to} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  return `
Souk is up. Try it:

1. See what the demo customer's wallet holds: ${DEMO_BALANCE} at first
   ${account(DEMO_CUSTOMER)}

2. Put two lanterns into the demo customer's cart; the answer is {"status":"success","error":""}
   ${post(`${url}/addToCart`, { clientID: DEMO_CUSTOMER, productID: 'brass-lantern-small', quantity: 2 })}

3. Pay for what is in the cart; the answer has status "success", an orderID and the total
   ${post(`${url}/checkOutCart`, { clientID: DEMO_CUSTOMER })}

4. Look at the orders; the newest one comes first and is "completed"
   curl -s '${url}/orders?clientID=${DEMO_CUSTOMER}'

5. See the wallets again: the total has left the customer's and is in the shop's
   ${account(DEMO_CUSTOMER)}
   ${account(settings.values.MERCHANT_REFERENCE ?? 'merchant')}

6. Take cash out of the machine, from the demo customer's wallet; the answer says in which bills and coins
   ${post(`${machine}/atm/withdrawal`, { amount: 121, account_id: customer })}

7. See what was made of all that, a moment later: notifications, alerts (none, unless it looks like fraud), and sums
   curl -s ${monitoring}/accounts/${customer}/notifications
   curl -s ${monitoring}/accounts/${customer}/alerts
   curl -s ${monitoring}/analytics/summary

Swagger UI   ${[url, wallets, machine, monitoring].map((each) => `${each}/documentation`).join('\n             ')}
RabbitMQ     http://127.0.0.1:${settings.ports.rabbitmqManagement}   user souk, password: RABBITMQ_PASSWORD in .env
MySQL        ${mysql}
${adminLine(settings)}${logs ? `Logs         ${logs}\n` : ''}
./setup.sh status    what runs, and how it is
./setup.sh logs -f   what it says
./setup.sh stop      stop everything; the data stays
`;
}

/** @param {import('../settings/settings.mjs').Settings} settings */
function adminLine({ values }) {
  return values.ADMIN_API_KEY ? 'Admin        X-API-Key: ADMIN_API_KEY in .env, for what makes goods or money\n' : '';
}
