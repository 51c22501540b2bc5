/*
 * Adds to carts and checks them out: an API, a worker for carts and orders, a worker for checkouts, and the two services that it
 * calls, an inventory and a wallet.
 */
import express from 'express';
import { randomUUID } from 'node:crypto';
import { ADDED } from './cart-lines';
import { startCartWorker, type CartJob } from './checkout/carts';
import { startInventory } from './checkout/inventory';
import { startWallet } from './checkout/wallet';
import { startCheckoutWorker } from './checkout/worker';
import { runFloor, type FloorEngines } from './floor-process';
import { listen } from './listen';
import { openRequests } from './messages';
import { FLOOR_QUEUES } from './queues';

async function startApi({ broker }: FloorEngines): Promise<number> {
  const ask = await openRequests(broker, FLOOR_QUEUES.cartJobs);
  const app = express().use(express.json());
  app.post('/addToCart', async (request, response) => {
    await ask(JSON.stringify({ kind: 'add', ...(request.body as object) }));
    response.json(ADDED);
  });
  app.post('/checkOutCart', async (request, response) => {
    const { clientID } = request.body as { clientID: string };
    const orderID = randomUUID();
    const status = await ask(JSON.stringify({ kind: 'check-out', clientID, orderID } satisfies CartJob));
    response.status(status === 'completed' ? 200 : 409).json({ status, orderID });
  });
  return listen(app);
}

runFloor({
  ...{ inventory: startInventory, wallet: startWallet, checkout: startCheckoutWorker },
  ...{ worker: startCartWorker, api: startApi },
});
