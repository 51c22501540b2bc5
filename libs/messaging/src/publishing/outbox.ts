import { ID, keyTable, TABLE, type Queryable, type Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import { randomUUID } from 'node:crypto';
import { divideIntoBundles } from './divide-into-bundles';
import { encode, type Outgoing } from './outgoing';

/** Part of the schema of every service that sends messages as a result of a database change. */
export const OUTBOX_TABLE = `
  CREATE TABLE IF NOT EXISTS outbox (
    id ${ID} NOT NULL PRIMARY KEY,
    exchange VARCHAR(100) NOT NULL,
    routing_key VARCHAR(200) NOT NULL,
    content MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY by_age (created_at)
  ) ${TABLE}`;

/** A row of the outbox: consecutive messages of one transaction that have the same exchange and routing key. */
export interface OutboxEntry {
  id: string;
  messages: readonly Outgoing[];
}

const STATEMENT_BYTES_MAX = 1_000_000;

/** Writes messages to the outbox in the transaction that causes them. Pass the result to the relay after the commit. */
export function writeOutbox(tx: Transaction, messages: readonly Outgoing[]): OutboxEntry[] {
  const runs = runsWithSameTarget(messages).flatMap(divideIntoBundles);
  const entries = runs.map((run) => ({ id: randomUUID(), messages: run }));
  const values = entries.map(({ id, messages: run }) => [
    id,
    run[0]!.exchange,
    run[0]!.routingKey,
    encodeContents(run),
  ]);
  // Each chunk is far below the maximum statement size.
  for (const chunk of chunksOf(values, STATEMENT_BYTES_MAX, ([, , , contents]) => contents!.length))
    tx.defer('INSERT INTO outbox (id, exchange, routing_key, content) VALUES ?', [chunk]);
  return entries;
}

/** Divides messages into rows without changing their order. */
function runsWithSameTarget(messages: readonly Outgoing[]): Outgoing[][] {
  const runs: Outgoing[][] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    if (run?.[0]!.exchange === message.exchange && run[0].routingKey === message.routingKey) run.push(message);
    else runs.push([message]);
  }
  return runs;
}

/** @returns the text of a single message, or a JSON array of several */
function encodeContents(messages: readonly Outgoing[]): string {
  const contents = messages.map(({ content }) => content.toString('utf8'));
  return contents.length === 1 ? contents[0]! : `[${contents.join()}]`;
}

/** A message is a JSON object, so an array is a list of messages. */
function decodeContents(text: string): Buffer[] {
  return text.startsWith('[') ? (JSON.parse(text) as unknown[]).map(encode) : [Buffer.from(text)];
}

/** @returns whether any entry has the minimum age. This is a plain read, without a transaction. */
export async function hasOutbox(db: Queryable, ageMinS: number): Promise<boolean> {
  const rows = await db.rows(
    'SELECT 1 FROM outbox FORCE INDEX (by_age) WHERE created_at < NOW(3) - INTERVAL ? SECOND LIMIT 1',
    [ageMinS],
  );
  return rows.length > 0;
}

/**
 * Locks the oldest entries of a minimum age. Selects by age, not by `id > last`, since commits arrive out of order.
 * Skips entries that another replica has locked.
 */
export async function lockOutbox(tx: Queryable, ageMinS: number, limit: number): Promise<OutboxEntry[]> {
  const rows = await tx.rows<{ id: string; exchange: string; routing_key: string; content: string }>(
    `SELECT id, exchange, routing_key, content FROM outbox FORCE INDEX (by_age)
      WHERE created_at < NOW(3) - INTERVAL ? SECOND ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [ageMinS, limit],
  );
  return rows.map(({ id, exchange, routing_key, content: contents }) => ({
    id,
    messages: decodeContents(contents).map((content) => ({ exchange, routingKey: routing_key, content })),
  }));
}

export async function deleteFromOutbox(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.write(`DELETE o FROM ${keyTable(ID)} STRAIGHT_JOIN outbox o ON o.id = k.id`, [JSON.stringify(ids)]);
}
