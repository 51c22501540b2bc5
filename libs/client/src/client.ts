import { call } from './call';
import { OPERATIONS, type CartApi } from './generated/cart-api';
import type { CallOptions, ClientOptions } from './options';
import { followOrder } from './order-events';
import type { Input, Operation } from './request';

/**
 * Creates a client for the Cart API. Its only state is whether it has ever reached the service.
 *
 * A failure that the contract declares is a result with `ok: false`. Without a declared answer, a call throws
 * `NoAnswerError`, `UnexpectedAnswerError`, or the reason of its signal.
 * @throws TypeError if the options contradict each other
 */
export function createCartApiClient(options: ClientOptions): CartApi {
  if (options.apiKey && options.token !== undefined) throw new TypeError('a client has either an apiKey or a token');
  const method = (operation: Operation) =>
    operation.isStream
      ? (input: Input, callOptions: CallOptions = {}) => followOrder(options, operation, input, callOptions)
      : (input: Input = {}, callOptions: CallOptions = {}) => call(options, operation, input, callOptions);
  const methods = Object.entries(OPERATIONS).map(([name, operation]) => [name, method(operation)]);
  return Object.fromEntries(methods) as CartApi;
}
