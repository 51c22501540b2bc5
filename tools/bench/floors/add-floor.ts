/* Adds to carts with one message per request. */
import express from 'express';
import { ADDED, startAddWorker, type CartLine } from './cart-lines';
import { runFloor, type FloorEngines } from './floor-process';
import { listen } from './listen';
import { openRequests } from './messages';
import { FLOOR_QUEUES } from './queues';

async function startApi({ broker }: FloorEngines): Promise<number> {
  const ask = await openRequests(broker, FLOOR_QUEUES.adds);
  const app = express().use(express.json());
  app.post('/addToCart', async (request, response) => {
    await ask(JSON.stringify([request.body as CartLine]));
    response.json(ADDED);
  });
  return listen(app);
}

runFloor({ api: startApi, worker: startAddWorker(FLOOR_QUEUES.adds) });
