import { request, type Agent } from 'node:http';
import type { LoadRequest, Operation } from './load';

const REQUEST_TIMEOUT_MS = 15_000;

/** Sends an operation's requests in sequence. @returns the status of each response; 0 if there was none */
export async function runOperation(agent: Agent, url: string, operation: Operation): Promise<number[]> {
  const statuses: number[] = [];
  for (const each of operation) statuses.push(await send(agent, url, each));
  return statuses;
}

function send(agent: Agent, url: string, { method, path, headers, body }: LoadRequest): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, { agent, method, headers, timeout: REQUEST_TIMEOUT_MS }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sent.on('timeout', () => sent.destroy(new Error('no response')));
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
