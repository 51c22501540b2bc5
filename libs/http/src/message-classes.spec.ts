import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageClasses } from './message-classes';

let server: Server;
afterEach(() => server.close());

test("requests and responses keep the prototypes they were created with, and have Express's methods", async () => {
  const app = express();
  const classes = messageClasses(app);
  app.get('/', (request, response) => {
    const seen = [Object.getPrototypeOf(request), Object.getPrototypeOf(response)];
    response.json({
      isKept: seen[0] === arrived[0] && seen[1] === arrived[1],
      host: request.get('Host') !== undefined,
    });
  });
  let arrived: unknown[] = [];
  server = createServer(classes, (request, response) => {
    arrived = [Object.getPrototypeOf(request), Object.getPrototypeOf(response)];
    app(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await response.json()).toEqual({ isKept: true, host: true });
});
