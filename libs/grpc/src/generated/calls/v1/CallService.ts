// Original file: proto/calls/v1/calls.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Answer as _calls_v1_Answer, Answer__Output as _calls_v1_Answer__Output } from '../../calls/v1/Answer';
import type { Call as _calls_v1_Call, Call__Output as _calls_v1_Call__Output } from '../../calls/v1/Call';

/**
 * Carries calls to the unary methods of the same server on a long-lived stream. For small messages, opening a gRPC call costs
 * several times as much as the message, on both sides. Souk's services call each other this way; any client may use the unary
 * methods instead.
 */
export interface CallServiceClient extends grpc.Client {
  /**
   * Runs calls concurrently and answers each as soon as it has ended, so answers may arrive in another order.
   * 
   * Once the client has ended its side, the server answers the calls in flight and ends the stream. A server that stops does the
   * same, and answers later calls with UNAVAILABLE. The outcome of a call without an answer is unknown.
   */
  Exchange(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_calls_v1_Call, _calls_v1_Answer__Output>;
  Exchange(options?: grpc.CallOptions): grpc.ClientDuplexStream<_calls_v1_Call, _calls_v1_Answer__Output>;
  /**
   * Runs calls concurrently and answers each as soon as it has ended, so answers may arrive in another order.
   * 
   * Once the client has ended its side, the server answers the calls in flight and ends the stream. A server that stops does the
   * same, and answers later calls with UNAVAILABLE. The outcome of a call without an answer is unknown.
   */
  exchange(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_calls_v1_Call, _calls_v1_Answer__Output>;
  exchange(options?: grpc.CallOptions): grpc.ClientDuplexStream<_calls_v1_Call, _calls_v1_Answer__Output>;
  
}

/**
 * Carries calls to the unary methods of the same server on a long-lived stream. For small messages, opening a gRPC call costs
 * several times as much as the message, on both sides. Souk's services call each other this way; any client may use the unary
 * methods instead.
 */
export interface CallServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Runs calls concurrently and answers each as soon as it has ended, so answers may arrive in another order.
   * 
   * Once the client has ended its side, the server answers the calls in flight and ends the stream. A server that stops does the
   * same, and answers later calls with UNAVAILABLE. The outcome of a call without an answer is unknown.
   */
  Exchange: grpc.handleBidiStreamingCall<_calls_v1_Call__Output, _calls_v1_Answer>;
  
}

export interface CallServiceDefinition extends grpc.ServiceDefinition {
  Exchange: MethodDefinition<_calls_v1_Call, _calls_v1_Answer, _calls_v1_Call__Output, _calls_v1_Answer__Output>
}
