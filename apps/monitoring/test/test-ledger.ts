import {
  createMessage,
  transactionCompletedEvent,
  transactionFailedEvent,
  transactionsExchange,
} from '@souk/contracts';
import {
  createGrpcServer,
  eventService,
  implementService,
  transactionOf,
  type EventServiceDefinition,
  type GrpcHandlers,
  type GrpcServer,
  type LedgerEvent,
} from '@souk/grpc';
import { outgoing, type Outgoing } from '@souk/messaging';
import { createLogger, createMetrics, unavailable } from '@souk/service';
import { randomUUID } from 'node:crypto';

type PaymentFields = Partial<Pick<LedgerEvent, 'transactionType' | 'orderId' | 'withdrawalId'>>;

/** Serves the events of the transactions that a test records, as the wallet does, but publishes nothing. */
export interface TestLedger {
  address: string;
  /** Records a transaction of these accounts, each with its amount in cents, negative if outgoing. */
  record(amounts: Record<string, number>, reason?: string, payment?: PaymentFields): LedgerEvent;
  /** Takes a position for an event that is recorded later, as a transaction that commits late does. */
  takePosition(): { record: TestLedger['record'] };
  /** All recorded events, in order of position. */
  events(): readonly LedgerEvent[];
  /** Declares the positions up to this one safe, as if they were old enough. At first, no position is safe. */
  settle(upTo: number): void;
  /** Number of calls of each method so far. */
  calls: Record<'getEvents' | 'listEvents' | 'listHeads', number>;
  /** Sets whether calls succeed; otherwise they fail as unavailable. */
  setAvailable(isAvailable: boolean): void;
  stop(): Promise<void>;
}

export async function startTestLedger(): Promise<TestLedger> {
  const record = createRecord();
  const calls = { getEvents: 0, listEvents: 0, listHeads: 0 };
  let isAvailable = true;
  const onCall = (method: keyof typeof calls) => {
    if (!isAvailable) throw unavailable('the ledger');
    calls[method]++;
  };
  const server: GrpcServer = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [implementService(eventService, handlersOf(record, onCall))],
    checks: {},
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  return {
    address: `ipv4:127.0.0.1:${server.port()}`,
    record: (amounts, reason, payment) => record.add(record.nextPosition(), amounts, reason, payment),
    takePosition: () => {
      const position = record.nextPosition();
      return { record: (amounts, reason) => record.add(position, amounts, reason) };
    },
    events: () => record.events,
    settle: record.settle,
    calls,
    setAvailable: (value) => (isAvailable = value),
    stop: () => server.stop(),
  };
}

/** The recorded events. */
interface EventRecord {
  /** In order of position. */
  events: readonly LedgerEvent[];
  nextPosition(): number;
  add(position: number, amounts: Record<string, number>, reason?: string, payment?: PaymentFields): LedgerEvent;
  settle(upTo: number): void;
  settledTo(): number;
}

function createRecord(): EventRecord {
  const events: LedgerEvent[] = [];
  const sequences = new Map<string, number>();
  let lastPosition = 0;
  let settledTo = 0;
  return {
    events,
    nextPosition: () => ++lastPosition,
    add: (position, amounts, reason = '', payment = {}) => {
      const event: LedgerEvent = {
        ...{ id: randomUUID(), position, transactionId: randomUUID(), transactionType: 'transfer', reason },
        type: reason === '' ? 'transactions.completed' : 'transactions.failed',
        status: reason === '' ? 'completed' : 'failed',
        entries: Object.entries(amounts).map(([accountId, cents]) => {
          const sequence = (sequences.get(accountId) ?? 0) + 1;
          sequences.set(accountId, sequence);
          return { accountId, sequence, amount: (cents / 100).toFixed(2), currency: 'USD' };
        }),
        timestamp: new Date().toISOString(),
        ...{ orderId: '', withdrawalId: '', ...payment },
      };
      const isOutOfOrder = (events.at(-1)?.position ?? 0) > position;
      events.push(event);
      if (isOutOfOrder) events.sort((a, b) => a.position - b.position);
      return event;
    },
    settle: (upTo) => (settledTo = upTo),
    settledTo: () => settledTo,
  };
}

function handlersOf(
  { events, settledTo }: EventRecord,
  onCall: (method: keyof TestLedger['calls']) => void,
): GrpcHandlers<EventServiceDefinition> {
  const eventsOf = (accountId: string, after: number) =>
    events
      .filter(({ entries }) => entries.some((entry) => entry.accountId === accountId && entry.sequence > after))
      .sort((a, b) => sequenceOf(a, accountId) - sequenceOf(b, accountId));
  const eventsAfter = (position: number, limit: number) =>
    events.filter((event) => event.position > position).slice(0, limit);
  return {
    getEvents: ({ accounts, limit }) => {
      onCall('getEvents');
      const matching = accounts.flatMap(({ accountId, after }) => eventsOf(accountId, after));
      return Promise.resolve({ events: [...new Set(matching.slice(0, limit))], hasMore: matching.length > limit });
    },
    listEvents: ({ afterPosition, limit }) => {
      onCall('listEvents');
      const lastPosition = events.at(-1)?.position ?? 0;
      return Promise.resolve({ events: eventsAfter(afterPosition, limit), lastPosition });
    },
    listHeads: ({ afterPosition }) => {
      onCall('listHeads');
      const page = eventsAfter(afterPosition, 10_000);
      const heads = new Map(page.flatMap(({ entries }) => entries.map((entry) => [entry.accountId, entry.sequence])));
      const next = page.at(-1)?.position ?? afterPosition;
      return Promise.resolve({
        heads: [...heads].map(([accountId, sequence]) => ({ accountId, sequence })),
        ...{ nextPosition: next, isEnd: true },
        safePosition: Math.max(afterPosition, Math.min(next, settledTo())),
      });
    },
  };
}

const sequenceOf = ({ entries }: LedgerEvent, accountId: string) =>
  entries.find((entry) => entry.accountId === accountId)!.sequence;

/** The message of an event, as the wallet publishes it. */
export function messageOf(event: LedgerEvent): Outgoing {
  const data = transactionOf(event);
  const origin = { id: event.id, actor: 'test', correlationId: 'test', causationId: event.transactionId };
  return outgoing(
    transactionsExchange,
    data.status === 'completed'
      ? createMessage(transactionCompletedEvent, data, origin)
      : createMessage(transactionFailedEvent, data, origin),
  );
}
