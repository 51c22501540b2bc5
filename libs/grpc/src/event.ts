import { createGrpcClient, type GrpcClient } from './client';
import type { EventServiceDefinition } from './generated/wallet/v1/EventService';
import { grpcService } from './package-definition';

export type { AccountCursor } from './generated/wallet/v1/AccountCursor';
export type { AccountHead__Output as AccountHead } from './generated/wallet/v1/AccountHead';
export type { Event__Output as LedgerEvent } from './generated/wallet/v1/Event';
export type { EventServiceDefinition } from './generated/wallet/v1/EventService';
export type { ListHeadsResponse__Output as HeadsPage } from './generated/wallet/v1/ListHeadsResponse';

export const eventService = grpcService<EventServiceDefinition>('wallet.v1.EventService');

export type EventClient = GrpcClient<EventServiceDefinition>;

/**
 * A client of the wallet's events. Its calls change nothing, so each may be repeated.
 * @param options.address such as `ipv4:127.0.0.1:9200,127.0.0.1:9201` or `dns:///wallet-api:9200`
 * @param options.deadlineMs the time limit for each call, including its retries
 */
export function createEventClient(options: { address: string; deadlineMs: number }): EventClient {
  return createGrpcClient(eventService, 'the wallet', options);
}
