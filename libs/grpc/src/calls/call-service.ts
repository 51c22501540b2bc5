import type { CallServiceDefinition } from '../generated/calls/v1/CallService';
import { grpcService } from '../package-definition';

export type { Answer } from '../generated/calls/v1/Answer';
export type { Answer__Output as ReceivedAnswer } from '../generated/calls/v1/Answer';
export type { Call } from '../generated/calls/v1/Call';
export type { Call__Output as ReceivedCall } from '../generated/calls/v1/Call';

export const callService = grpcService<CallServiceDefinition>('calls.v1.CallService');
