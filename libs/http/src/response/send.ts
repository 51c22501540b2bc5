import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayBeTooLarge } from '../request/body-reader';

/** How much and how long a client may keep sending after the answer: enough for it to notice the answer. */
const DRAIN_BYTES_MAX = 8 * 1024 * 1024;
const DRAIN_MS = 2_000;

/** Headers of every API answer. Opened in a browser, an answer runs no scripts and can't be framed. */
export const API_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const API_HEADER_LIST = Object.entries(API_HEADERS).flat();

/** An answer that is ready to be sent. */
export interface SerializedAnswer {
  status: number;
  contentType: string;
  headers?: Record<string, string> | undefined;
  text: string;
}

/** Sends a complete answer. */
export function send(request: IncomingMessage, response: ServerResponse, message: SerializedAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const { status, contentType, headers, text } = message;
  const isUnread = !request.complete && mayBeTooLarge(request);
  // A flat list: merging header objects costs four microseconds each time.
  const head = ['Content-Type', contentType, 'Content-Length', String(Buffer.byteLength(text)), ...API_HEADER_LIST];
  for (const name in headers) head.push(name, headers[name]!);
  if (isUnread) head.push('Connection', 'close');
  response.writeHead(status, head);
  if (isUnread) sendThenDrain(request, response, text);
  else response.end(text);
}

/**
 * Closing a socket with unread bytes resets it, and the reset can overtake the answer. So this sends the complete answer, keeps
 * reading from the client for a while, and then closes the connection.
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
