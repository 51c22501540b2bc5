import { relative } from 'node:path';
import { ROOT } from '../machine/paths';
import type { Whereabouts } from '../runtime';
import { apiUrl } from '../settings/addresses';
import type { Settings } from '../settings/settings';
import { accountIdOf, DEMO_BALANCE, DEMO_CUSTOMER } from '../shop/seed';

/**
 * The text that `up` prints: what to try, and where to find documentation, data and logs.
 * @param keys the files with the keys, if calls need one
 */
export function welcome(
  settings: Settings,
  { mysql, logs }: Whereabouts,
  keys: { shop: string; operator: string } | undefined,
): string {
  const shop = apiUrl(settings, 'cartApi');
  const wallets = apiUrl(settings, 'walletApi');
  const machine = apiUrl(settings, 'atmApi');
  const monitoring = apiUrl(settings, 'monitoringApi');
  const customer = accountIdOf(DEMO_CUSTOMER);
  const curl = keys ? `curl -s -H @${relative(ROOT, keys.shop)}` : 'curl -s';
  const account = (reference: string) => `${curl} ${wallets}/accounts/${accountIdOf(reference)}`;
  const post = (url: string, body: object) =>
    `${curl} ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  return `
Souk is up. Try it:

1. See what the demo customer's wallet holds: ${DEMO_BALANCE} at first
   ${account(DEMO_CUSTOMER)}

2. Put two lanterns into the demo customer's cart; the answer is {"status":"success","error":""}
   ${post(`${shop}/addToCart`, { clientID: DEMO_CUSTOMER, productID: 'brass-lantern-small', quantity: 2 })}

3. Pay for what is in the cart; the answer has status "success", an orderID and the total
   ${post(`${shop}/checkOutCart`, { clientID: DEMO_CUSTOMER })}

4. Look at the orders; the newest one comes first and is "completed"
   ${curl} '${shop}/orders?clientID=${DEMO_CUSTOMER}'

5. See the wallets again: the total has moved from the customer's to the shop's
   ${account(DEMO_CUSTOMER)}
   ${account(settings.values.MERCHANT_REFERENCE ?? 'merchant')}

6. Take cash out of the machine, from the demo customer's wallet; the answer lists the bills and coins
   ${post(`${machine}/atm/withdrawal`, { amount: 121, account_id: customer })}

7. A moment later, see what the consumers derived: notifications, alerts (none, unless it looks like fraud) and totals
   ${curl} ${monitoring}/accounts/${customer}/notifications
   ${curl} ${monitoring}/accounts/${customer}/alerts
   ${curl} ${monitoring}/analytics/summary

Swagger UI   ${[shop, wallets, machine, monitoring].map((url) => `${url}/documentation`).join('\n             ')}
RabbitMQ     http://127.0.0.1:${settings.ports.rabbitmqManagement}   user souk, password: RABBITMQ_PASSWORD in .env
MySQL        ${mysql}
${adminLine(settings)}${keys ? `API keys     ${relative(ROOT, keys.shop)} for the shop, ${relative(ROOT, keys.operator)} for you; more: ./setup.sh keys\n` : ''}${logs ? `Logs         ${logs}\n` : ''}
./setup.sh status    lists the processes and their health
./setup.sh logs -f   follows the logs
./setup.sh stop      stops everything; the data stays
`;
}

function adminLine({ values }: Settings): string {
  return values.ADMIN_API_KEY
    ? 'Admin        X-API-Key: ADMIN_API_KEY in .env, for routes that create stock or money\n'
    : '';
}
