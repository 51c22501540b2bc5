import { parseEngineUrl } from '@souk/tls';

/**
 * @param url `amqp://user:password@host:port/vhost`, or `amqps://`
 * @returns the arguments for amqplib's `connect`
 * @throws Error that says what is wrong with the URL or its certificates
 */
export function brokerAddress<Options extends object>(url: string, options: Options): [string, Options] {
  const { url: address, tls } = parseEngineUrl(url);
  return [address, { ...options, ...(tls && { secureContext: tls.secureContext }) }];
}
