import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Answer as _calls_v1_Answer, Answer__Output as _calls_v1_Answer__Output } from './calls/v1/Answer';
import type { Call as _calls_v1_Call, Call__Output as _calls_v1_Call__Output } from './calls/v1/Call';
import type { CallServiceClient as _calls_v1_CallServiceClient, CallServiceDefinition as _calls_v1_CallServiceDefinition } from './calls/v1/CallService';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  calls: {
    v1: {
      Answer: MessageTypeDefinition<_calls_v1_Answer, _calls_v1_Answer__Output>
      Call: MessageTypeDefinition<_calls_v1_Call, _calls_v1_Call__Output>
      /**
       * Carries calls to the unary methods of the same server on a long-lived stream. For small messages, opening a gRPC call costs
       * several times as much as the message, on both sides. Souk's services call each other this way; any client may use the unary
       * methods instead.
       */
      CallService: SubtypeConstructor<typeof grpc.Client, _calls_v1_CallServiceClient> & { service: _calls_v1_CallServiceDefinition }
    }
  }
}

