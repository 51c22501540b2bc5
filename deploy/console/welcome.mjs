// @ts-check
import { basename, join, relative } from 'node:path';
import { mysqlClientFile } from '../native/engines/mysql.mjs';
import { RABBITMQ_USER } from '../native/engines/rabbitmq-definitions.mjs';
import { ROOT } from '../machine/paths.mjs';
import { cartApiUrl } from '../native/settings/apps.mjs';

/**
 * What to try and where to look once the shop runs.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {import('../settings/settings.mjs').Settings} settings
 */
export function welcome(home, settings) {
  const url = cartApiUrl(settings);
  const post = (/** @type {string} */ path, /** @type {object} */ body) =>
    `curl -s ${url}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const clientFile = relative(ROOT, mysqlClientFile(home));
  return `
Souk is up. Try it:

1. Put two lanterns into the demo customer's cart; the answer is {"status":"success","error":""}
   ${post('/addToCart', { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 })}

2. Pay for what is in the cart; the answer has status "success", an orderID and the total
   ${post('/checkOutCart', { clientID: 'demo-customer' })}

3. Look at the orders; the newest one comes first and is "completed"
   curl -s '${url}/orders?clientID=demo-customer'

Swagger UI   ${url}/documentation
RabbitMQ     http://127.0.0.1:${settings.ports.rabbitmqManagement}   user ${RABBITMQ_USER}, password: RABBITMQ_PASSWORD in ${basename(home.envFile)}
MySQL        mysql --defaults-file=${clientFile} cart   (or inventory)
Logs         ${join(relative(ROOT, home.logs), '/')}

./setup.sh status    what runs, and how it is
./setup.sh logs -f   what it says
./setup.sh stop      stop everything; the data stays
`;
}
