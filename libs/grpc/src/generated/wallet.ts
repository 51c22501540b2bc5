import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CancelRequest as _wallet_v1_CancelRequest, CancelRequest__Output as _wallet_v1_CancelRequest__Output } from './wallet/v1/CancelRequest';
import type { CancelResponse as _wallet_v1_CancelResponse, CancelResponse__Output as _wallet_v1_CancelResponse__Output } from './wallet/v1/CancelResponse';
import type { ChargeRequest as _wallet_v1_ChargeRequest, ChargeRequest__Output as _wallet_v1_ChargeRequest__Output } from './wallet/v1/ChargeRequest';
import type { ChargeResponse as _wallet_v1_ChargeResponse, ChargeResponse__Output as _wallet_v1_ChargeResponse__Output } from './wallet/v1/ChargeResponse';
import type { GetRequest as _wallet_v1_GetRequest, GetRequest__Output as _wallet_v1_GetRequest__Output } from './wallet/v1/GetRequest';
import type { GetResponse as _wallet_v1_GetResponse, GetResponse__Output as _wallet_v1_GetResponse__Output } from './wallet/v1/GetResponse';
import type { Payment as _wallet_v1_Payment, Payment__Output as _wallet_v1_Payment__Output } from './wallet/v1/Payment';
import type { PaymentResult as _wallet_v1_PaymentResult, PaymentResult__Output as _wallet_v1_PaymentResult__Output } from './wallet/v1/PaymentResult';
import type { PaymentServiceClient as _wallet_v1_PaymentServiceClient, PaymentServiceDefinition as _wallet_v1_PaymentServiceDefinition } from './wallet/v1/PaymentService';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  wallet: {
    v1: {
      CancelRequest: MessageTypeDefinition<_wallet_v1_CancelRequest, _wallet_v1_CancelRequest__Output>
      CancelResponse: MessageTypeDefinition<_wallet_v1_CancelResponse, _wallet_v1_CancelResponse__Output>
      ChargeRequest: MessageTypeDefinition<_wallet_v1_ChargeRequest, _wallet_v1_ChargeRequest__Output>
      ChargeResponse: MessageTypeDefinition<_wallet_v1_ChargeResponse, _wallet_v1_ChargeResponse__Output>
      GetRequest: MessageTypeDefinition<_wallet_v1_GetRequest, _wallet_v1_GetRequest__Output>
      GetResponse: MessageTypeDefinition<_wallet_v1_GetResponse, _wallet_v1_GetResponse__Output>
      Payment: MessageTypeDefinition<_wallet_v1_Payment, _wallet_v1_Payment__Output>
      PaymentResult: MessageTypeDefinition<_wallet_v1_PaymentResult, _wallet_v1_PaymentResult__Output>
      /**
       * Charges for checkouts and cash machines, from the wallet of a customer to the wallet of the shop or the machine. Calls are
       * batch-first: a call carries many payments, each is decided and answered on its own, in the order of the request. Every call
       * is idempotent by payment_id.
       * 
       * Ids and references are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with at most two decimals
       * ("12.50").
       * 
       * Errors of a whole call: INVALID_ARGUMENT (a field is ill-formed, which one is said; nothing was done), UNAVAILABLE (the
       * database does not answer; nothing was done, retry), DEADLINE_EXCEEDED (unknown; retry with the same ids).
       */
      PaymentService: SubtypeConstructor<typeof grpc.Client, _wallet_v1_PaymentServiceClient> & { service: _wallet_v1_PaymentServiceDefinition }
      PaymentState: EnumTypeDefinition
    }
  }
}

