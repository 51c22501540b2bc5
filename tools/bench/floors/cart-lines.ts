import type { PoolConnection } from 'mysql2/promise';
import { inTransaction, type FloorEngines } from './floor-process';
import { insertNew } from './insert-new';
import { consumeBatches, jobIdOf, reply } from './messages';

export interface CartLine {
  clientID: string;
  productID: string;
  quantity: number;
}

export const ADDED = { status: 'success', error: '' };

/** Adds all lines with one statement. */
export async function addLines(tx: PoolConnection, lines: readonly CartLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO client_cart (client_id, product_id, quantity) VALUES ?
     ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)`,
    [lines.map(({ clientID, productID, quantity }) => [clientID, productID, quantity])],
  );
}

/** A worker that applies all buffered messages, each with any number of lines, in one transaction, with an inbox row per line. */
export const startAddWorker =
  (queue: string) =>
  ({ db, broker }: FloorEngines): Promise<void> =>
    consumeBatches(broker, queue, async (messages, channel) => {
      const lines = messages.flatMap((message) =>
        (JSON.parse(message.content.toString()) as CartLine[]).map((line, index) => ({
          id: `${jobIdOf(message)}-${index}`,
          line,
        })),
      );
      await inTransaction(db, async (tx) => {
        await insertNew(
          tx,
          'inbox (id)',
          lines.map(({ id }) => [id]),
        );
        await addLines(
          tx,
          lines.map(({ line }) => line),
        );
      });
      for (const message of messages) reply(channel, message, 'done');
    });
