import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the service received. */
interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** Answers one request. */
export type ScriptedAnswer = (response: ServerResponse, received: ReceivedRequest) => void;

export const answerWith =
  (status: number, body: unknown, headers: Record<string, string> = {}): ScriptedAnswer =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };

export const failWith = (
  status: number,
  code: string,
  details: object = {},
  headers: Record<string, string> = {},
): ScriptedAnswer => answerWith(status, { status: 'failed', error: `the code is ${code}`, code, ...details }, headers);

/** Cuts the connection without an answer. */
export const breakOff: ScriptedAnswer = (response) => void response.destroy();

export interface TestService {
  url: string;
  received: ReceivedRequest[];
  /** Sets the next answers, in this order; the last one repeats. */
  script(...answers: ScriptedAnswer[]): void;
  stop(): Promise<void>;
}

/** An HTTP service with scripted answers. */
export async function startTestService(): Promise<TestService> {
  const received: ReceivedRequest[] = [];
  let answers: ScriptedAnswer[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const entry = { method: request.method!, path: request.url!, headers: request.headers, body };
    received.push(entry);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response, entry);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    script: (...scripted) => {
      answers = scripted;
      received.length = 0;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
