import { Client, credentials, Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';

/** A service of the floor: each method takes a batch of orders, and resolves once the batch is committed. */
export type Methods = Record<string, (orders: Order[]) => Promise<void>>;

/** An order to reserve, charge and commit; the amounts are minor units. */
export interface Order {
  orderID: string;
  clientID: string;
  items: { productID: string; quantity: number; price: number }[];
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value));
const decode = (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown;
const DONE = {};

const pathOf = (method: string) => `/floor.Checkout/${method}`;

/** @returns the port */
export function serve(methods: Methods): Promise<number> {
  const server = new Server();
  const names = Object.keys(methods);
  const definition = Object.fromEntries(
    names.map((name) => [
      name,
      {
        ...{ path: pathOf(name), requestStream: false, responseStream: false },
        ...{ requestSerialize: encode, requestDeserialize: decode },
        ...{ responseSerialize: encode, responseDeserialize: decode },
      },
    ]),
  );
  const handlerOf =
    (name: string): handleUnaryCall<Order[], object> =>
    ({ request }, callback) =>
      void methods[name]!(request).then(
        () => callback(null, DONE),
        (error: Error) => callback(error),
      );
  server.addService(definition, Object.fromEntries(names.map((name) => [name, handlerOf(name)])));
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** @returns a function that calls a method with a batch of orders */
export function connectTo(port: string): (method: string, orders: readonly Order[]) => Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return (method, orders) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(pathOf(method), encode, decode, orders, (error) => (error ? reject(error) : resolve()));
    });
}
