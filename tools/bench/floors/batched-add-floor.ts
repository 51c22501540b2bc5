/* Adds to carts with one message per turn of the event loop. */
import express, { type Response } from 'express';
import { ADDED, startAddWorker, type CartLine } from './cart-lines';
import { runFloor, type FloorEngines } from './floor-process';
import { listen } from './listen';
import { openRequests } from './messages';
import { FLOOR_QUEUES } from './queues';

/** Messages in flight. While there are as many, further requests wait and share the next message. */
const WINDOW = 4;

interface Waiting {
  line: CartLine;
  response: Response;
}

async function startApi({ broker }: FloorEngines): Promise<number> {
  const ask = await openRequests(broker, FLOOR_QUEUES.batchedAdds);
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let isScheduled = false;

  const send = async (): Promise<void> => {
    isScheduled = false;
    if (waiting.length === 0 || inFlight === WINDOW) return;
    const batch = waiting;
    waiting = [];
    inFlight++;
    await ask(JSON.stringify(batch.map(({ line }) => line)));
    inFlight--;
    void send();
    for (const { response } of batch) response.json(ADDED);
  };

  const app = express().use(express.json());
  app.post('/addToCart', (request, response) => {
    waiting.push({ line: request.body as CartLine, response });
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => void send());
  });
  return listen(app);
}

runFloor({ api: startApi, worker: startAddWorker(FLOOR_QUEUES.batchedAdds) });
