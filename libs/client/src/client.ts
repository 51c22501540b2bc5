import { call } from './call';
import { OPERATIONS, type CartApi } from './generated/cart-api';
import type { CallOptions, ClientOptions } from './options';
import { followOrder } from './order-events';
import type { Input, Operation } from './request';

/**
 * A client of the Cart API. Its only state is whether the service was ever reached.
 *
 * A failure that the contract names is a result with `ok: false`. A call throws when there is no such answer: `NoAnswerError`,
 * `UnexpectedAnswerError`, or the reason of its signal.
 */
export function createCartApiClient(options: ClientOptions): CartApi {
  const method = (operation: Operation) =>
    operation.isStream
      ? (input: Input, callOptions: CallOptions = {}) => followOrder(options, operation, input, callOptions)
      : (input: Input = {}, callOptions: CallOptions = {}) => call(options, operation, input, callOptions);
  const methods = Object.entries(OPERATIONS).map(([name, operation]) => [name, method(operation)]);
  return Object.fromEntries(methods) as CartApi;
}
