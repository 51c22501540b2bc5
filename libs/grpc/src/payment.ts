import { createGrpcClient, type GrpcClient, type GrpcTarget } from './client';
import type { PaymentServiceDefinition } from './generated/wallet/v1/PaymentService';
import { grpcService } from './package-definition';

export type { Payment } from './generated/wallet/v1/Payment';
export type { PaymentResult__Output as PaymentResult } from './generated/wallet/v1/PaymentResult';
export type { PaymentServiceDefinition } from './generated/wallet/v1/PaymentService';
export type { PaymentState__Output as PaymentStateMessage } from './generated/wallet/v1/PaymentState';

export const paymentService = grpcService<PaymentServiceDefinition>('wallet.v1.PaymentService');

export type PaymentClient = GrpcClient<PaymentServiceDefinition>;

/**
 * A client of the wallet's payments. Every call may be repeated with the same ids.
 * @param options.deadlineMs the time limit for each call, including its retries
 */
export function createPaymentClient(options: GrpcTarget & { deadlineMs: number }): PaymentClient {
  return createGrpcClient(paymentService, 'the wallet', options);
}
