import type { TransactionEvent } from '@souk/contracts';
import { createGrpcClient, type GrpcClient, type GrpcTarget } from './client';
import type { Event__Output as LedgerEvent } from './generated/wallet/v1/Event';
import type { EventServiceDefinition } from './generated/wallet/v1/EventService';
import { grpcService } from './package-definition';

export type { AccountCursor } from './generated/wallet/v1/AccountCursor';
export type { AccountHead__Output as AccountHead } from './generated/wallet/v1/AccountHead';
export type { ListHeadsResponse__Output as HeadsPage } from './generated/wallet/v1/ListHeadsResponse';
export type { EventServiceDefinition, LedgerEvent };

export const eventService = grpcService<EventServiceDefinition>('wallet.v1.EventService');

export type EventClient = GrpcClient<EventServiceDefinition>;

/**
 * A client of the wallet's events. Its calls change nothing, so each may be repeated.
 * @param options.deadlineMs the time limit for each call, including its retries
 */
export function createEventClient(options: GrpcTarget & { deadlineMs: number }): EventClient {
  return createGrpcClient(eventService, 'the wallet', options);
}

/** The transaction of an event, in the format of the event's message. */
export function transactionOf(event: LedgerEvent): TransactionEvent['data'] {
  return {
    transaction_id: event.transactionId,
    type: event.transactionType,
    status: event.status,
    reason: event.reason,
    entries: event.entries.map(({ accountId, ...entry }) => ({ account_id: accountId, ...entry })),
    timestamp: event.timestamp,
    ...(event.orderId !== '' && { order_id: event.orderId }),
    ...(event.withdrawalId !== '' && { withdrawal_id: event.withdrawalId }),
  } as TransactionEvent['data'];
}

/** The inverse of `transactionOf`. */
export const toLedgerEvent = (
  event: Pick<LedgerEvent, 'id' | 'position' | 'type'>,
  transaction: TransactionEvent['data'],
): LedgerEvent => ({
  ...event,
  transactionId: transaction.transaction_id,
  transactionType: transaction.type,
  status: transaction.status,
  reason: transaction.reason,
  entries: transaction.entries.map(({ account_id, ...entry }) => ({ accountId: account_id, ...entry })),
  timestamp: transaction.timestamp,
  orderId: transaction.order_id ?? '',
  withdrawalId: transaction.withdrawal_id ?? '',
});
