import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayBeTooLarge } from './body-reader';

/** Bytes, and the time, that a client may go on sending after it was answered: long enough for it to look at the answer. */
const DRAIN_BYTES_MAX = 8 * 1024 * 1024;
const DRAIN_MS = 2_000;

/** On every answer of an API. */
export const API_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

const API_HEADER_LIST = Object.entries(API_HEADERS).flat();

/** An answer as it goes out. */
export interface Message {
  status: number;
  contentType: string;
  headers?: Record<string, string> | undefined;
  text: string;
}

/** Writes an answer whole. */
export function send(request: IncomingMessage, response: ServerResponse, message: Message): void {
  if (response.headersSent || response.destroyed) return;
  const { status, contentType, headers, text } = message;
  const isUnread = !request.complete && mayBeTooLarge(request);
  // A flat list: merging objects of header names costs four microseconds each time.
  const head = ['Content-Type', contentType, 'Content-Length', String(Buffer.byteLength(text)), ...API_HEADER_LIST];
  for (const name in headers) head.push(name, headers[name]!);
  if (isUnread) head.push('Connection', 'close');
  response.writeHead(status, head);
  if (isUnread) sendThenDrain(request, response, text);
  else response.end(text);
}

/**
 * A socket that is closed with unread bytes is reset, and the reset can overtake the answer. So the answer goes out whole,
 * what the client still sends is read for a while, and then the connection is closed.
 */
function sendThenDrain(request: IncomingMessage, response: ServerResponse, text: string): void {
  response.write(text);
  let bytes = 0;
  const finish = () => {
    clearTimeout(timer);
    request.removeAllListeners('data');
    response.end();
  };
  const timer = setTimeout(finish, DRAIN_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAIN_BYTES_MAX) finish();
  });
  request.once('end', finish).once('close', finish);
}
