import { isDuplicateKey, type Database, type Transaction } from '@souk/database';
import { chunksOf, unavailable, createCoalescer } from '@souk/service';
import type { InventoryMetrics } from '../inventory-metrics';
import { decideReservations } from './decide-reservations';
import type { Answer, Answers, Changes, Command, Item } from './inventory-state';
import { lockProducts, readItems, readReservations, readReserved, STATEMENT_IDS_MAX, writeChanges } from './lane-store';
import { readStockAnswers } from './stock-change-store';

/** Maximum number of lines per transaction; a single command with more still gets its own transaction. */
const BATCH_LINES_MAX = 2_000;
/** Maximum number of lines that wait for a transaction. */
const QUEUE_LINES_MAX = 50_000;
/** Maximum number of ids that wait for their items to be read. */
const QUEUE_IDS_MAX = 50_000;
/**
 * Maximum number of tries per batch. A batch is rerun if another replica was first to create one of its ids or products, so
 * each rerun has fewer of them left to create.
 */
const TRIES_MAX = 10;

/** The only path for writes; see docs/adr/0004. */
export interface Lane {
  /**
   * Applies commands in order, in batches with other callers' commands. Commands with many lines take several transactions.
   * @returns one answer per command
   * @throws AppError `unavailable` (if a single command was submitted, nothing was done), `timeout` (the outcome is unknown),
   * `overloaded`; every command about a reservation may be repeated
   */
  submit<Kind extends Command['kind']>(commands: readonly Extract<Command, { kind: Kind }>[]): Promise<Answers[Kind][]>;
  /** Resolves when all submitted commands have been answered. */
  drain(): Promise<void>;
}

interface LaneDeps {
  db: Database;
  /** How long a new reservation holds its stock, in milliseconds. */
  ttlMs: number;
  /** How long the answer to a stock change is replayed, in milliseconds. */
  answerKeptMs: number;
  metrics: InventoryMetrics;
}

/** A command and the products to lock for it. If the command names only a reservation, they are only a hint: see `readItems`. */
interface PreparedCommand {
  command: Command;
  productIds: readonly string[];
}

type PrepareCommand = (command: Command) => Promise<PreparedCommand>;

export function createLane(deps: LaneDeps): Lane {
  const { metrics } = deps;
  const itemReader = createCoalescer<string, readonly Item[]>({
    batchMax: STATEMENT_IDS_MAX,
    queueMax: QUEUE_IDS_MAX,
    run: async (reserveIds) => {
      const items = await readItems(deps.db, distinct(reserveIds));
      return reserveIds.map((reserveId) => items.get(reserveId) ?? []);
    },
  });
  const prepare: PrepareCommand = async (command) => ({
    command,
    productIds: await productsToLock(command, (reserveId) => itemReader.submit(reserveId)),
  });
  const coalescer = createCoalescer<readonly PreparedCommand[], Answer[]>({
    batchMax: BATCH_LINES_MAX,
    queueMax: QUEUE_LINES_MAX,
    weightOf: (commands) => commands.reduce((sum, command) => sum + linesOf(command), 0),
    run: async (calls) => {
      const commands = calls.flat();
      metrics.batchCommands.observe(commands.length);
      const stopTimer = metrics.batchDuration.startTimer();
      const answers = await runBatch(deps, commands, prepare);
      stopTimer();
      let start = 0;
      return calls.map((call) => answers.slice(start, (start += call.length)));
    },
  });

  return {
    submit: async <Kind extends Command['kind']>(commands: readonly Extract<Command, { kind: Kind }>[]) => {
      if (commands.length === 0) return [];
      metrics.laneCalls.inc();
      try {
        const preparedCommands = await Promise.all(commands.map(prepare));
        const parts = chunksOf(preparedCommands, BATCH_LINES_MAX, linesOf);
        const answers = (await Promise.all(parts.map((part) => coalescer.submit(part)))).flat() as Answers[Kind][];
        commands.forEach(({ kind }, index) => metrics.answers.inc({ kind, answer: nameOf(answers[index]!) }));
        return answers;
      } finally {
        metrics.laneCalls.dec();
      }
    },
    drain: async () => {
      await itemReader.drain();
      await coalescer.drain();
    },
  };
}

function nameOf(answer: Answer): string {
  if ('state' in answer) return answer.state;
  return answer.isSwept ? 'swept' : 'not_swept';
}

/** Thrown inside a transaction to rerun it: a reservation was created after the products to lock had been chosen. */
class StaleHint extends Error {
  override readonly name = 'StaleHint';
}

async function runBatch(
  deps: LaneDeps,
  preparedCommands: readonly PreparedCommand[],
  prepare: PrepareCommand,
): Promise<Answer[]> {
  const { db, metrics } = deps;
  const commands = preparedCommands.map(({ command }) => command);
  let prepared = preparedCommands;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    try {
      const productIds = distinct(prepared.flatMap((each) => each.productIds));
      return await db.transaction(async (tx) => {
        const { answers, changes } = await decideUnderLock(tx, deps, commands, productIds);
        writeChanges(tx, changes);
        return answers;
      });
    } catch (error) {
      const reason = error instanceof StaleHint ? 'stale_hint' : isDuplicateKey(error) ? 'duplicate_key' : undefined;
      if (!reason) throw error;
      metrics.batchReruns.inc({ reason });
      prepared = await Promise.all(commands.map(prepare));
    }
  }
  throw unavailable('the inventory');
}

async function decideUnderLock(
  tx: Transaction,
  { ttlMs, answerKeptMs }: LaneDeps,
  commands: readonly Command[],
  productIds: readonly string[],
): Promise<{ answers: Answer[]; changes: Changes }> {
  const reserveIds = distinct(commands.flatMap((command) => ('reserveId' in command ? [command.reserveId] : [])));
  const changeIds = distinct(
    commands.flatMap((command) => (command.kind === 'change-stock' ? [command.changeId] : [])),
  );

  const locking = lockProducts(tx, productIds);
  // A round trip runs its statements in order, so the reads below follow the locks, unless locking takes several statements.
  if (productIds.length > STATEMENT_IDS_MAX) await locking;
  const [lockedProducts, { now, reserved }, stockAnswers, reservations] = await Promise.all([
    locking,
    readReserved(tx, productIds),
    readStockAnswers(tx, changeIds),
    readReservations(tx, reserveIds),
  ]);
  const products = new Map(
    lockedProducts.map((product) => [
      product.productId,
      { ...product, reserved: reserved.get(product.productId) ?? 0 },
    ]),
  );

  const lockedIds = new Set(productIds);
  for (const reserveId of reservationsToEnd(commands)) {
    const isLocked = reservations.get(reserveId)?.items?.every((item) => lockedIds.has(item.productId)) ?? true;
    if (!isLocked) throw new StaleHint();
  }
  const state = { now: now.getTime(), ttlMs, products, reservations, stockAnswers, answerKeptMs };
  return decideReservations(state, commands);
}

async function productsToLock(
  command: Command,
  itemsOf: (reserveId: string) => Promise<readonly Item[]>,
): Promise<string[]> {
  switch (command.kind) {
    case 'reserve':
      return command.items.map((item) => item.productId);
    case 'put':
      return [command.product.productId];
    case 'change-stock':
      return [command.productId];
    case 'commit':
    case 'rollback':
    case 'sweep':
      return (await itemsOf(command.reserveId)).map((item) => item.productId);
  }
}

/** The number of lines that a command reads, locks and writes; at least 1. */
const linesOf = ({ productIds }: PreparedCommand) => Math.max(1, productIds.length);

type EndOrSweep = Extract<Command, { kind: 'commit' | 'rollback' | 'sweep' }>;

/** Whether a command ends or sweeps a reservation. Such a command doesn't name the products. */
const endsOrSweeps = (command: Command): command is EndOrSweep =>
  command.kind === 'commit' || command.kind === 'rollback' || command.kind === 'sweep';

const reservationsToEnd = (commands: readonly Command[]) =>
  distinct(commands.flatMap((command) => (endsOrSweeps(command) ? [command.reserveId] : [])));

const distinct = (ids: readonly string[]) => [...new Set(ids)].sort();
