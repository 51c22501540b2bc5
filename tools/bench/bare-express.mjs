// @ts-check
/*
 * What a service on Express could do at best: reads a body, answers JSON, and keeps nothing. A child process of a benchmark,
 * which it tells its port and ends with.
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
