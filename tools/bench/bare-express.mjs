// @ts-check
/*
 * The upper limit for an Express service: reads a body, responds with JSON and stores nothing. Runs as a child process of a
 * benchmark, sends it the port and exits with it.
 */
import express from 'express';

const app = express();
app.post('/*path', async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.json(JSON.parse(body));
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
