import type { Pool, PoolConnection } from 'mysql2/promise';
import { inTransaction, type FloorEngines } from './floor-process';
import { consumeBatches, reply } from './messages';

export interface CartLine {
  clientID: string;
  productID: string;
  quantity: number;
}

export const ADDED = { status: 'success', error: '' };

/** Adds all lines with one statement. */
export async function addLines(tx: Pool | PoolConnection, lines: readonly CartLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO client_cart (client_id, product_id, quantity) VALUES ?
     ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)`,
    [lines.map(({ clientID, productID, quantity }) => [clientID, productID, quantity])],
  );
}

/** A worker that applies all buffered messages, each with any number of lines, in one transaction. */
export const startAddWorker =
  (queue: string) =>
  ({ db, broker }: FloorEngines): Promise<void> =>
    consumeBatches(broker, queue, async (messages, channel) => {
      const lines = messages.flatMap(({ content }) => JSON.parse(content.toString()) as CartLine[]);
      await inTransaction(db, (tx) => addLines(tx, lines));
      for (const message of messages) reply(channel, message, 'done');
    });
