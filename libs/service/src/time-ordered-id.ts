import { randomUUID } from 'node:crypto';

/**
 * Creates a version 7 UUID. It begins with the time, so that new rows go to the end of their index. Ids of the same millisecond
 * have no order. Source: RFC 9562, 5.7.
 */
export function timeOrderedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  // randomUUID draws from Node's random pool; randomBytes makes a system call each time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
