// @ts-check
import { cartApiUrl } from '../settings/addresses.mjs';

/**
 * What to try and where to look once the shop runs.
 *
 * @param {import('../settings/settings.mjs').Settings} settings
 * @param {{ mysql: string, logs?: string }} inside how to open the database; where the logs lie, where they are files
 */
export function welcome(settings, { mysql, logs }) {
  const url = cartApiUrl(settings);
  const post = (/** @type {string} */ path, /** @type {object} */ body) =>
    `curl -s ${url}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  return `
Souk is up. Try it:

1. Put two lanterns into the demo customer's cart; the answer is {"status":"success","error":""}
   ${post('/addToCart', { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 })}

2. Pay for what is in the cart; the answer has status "success", an orderID and the total
   ${post('/checkOutCart', { clientID: 'demo-customer' })}

3. Look at the orders; the newest one comes first and is "completed"
   curl -s '${url}/orders?clientID=demo-customer'

Swagger UI   ${url}/documentation
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
  return values.ADMIN_API_KEY ? 'Admin        X-API-Key: ADMIN_API_KEY in .env, for PUT /products\n' : '';
}
