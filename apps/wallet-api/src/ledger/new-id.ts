import { randomUUID } from 'node:crypto';

/** @returns a UUID of version 7: it begins with the time, so that new rows go to the end of their index */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns whether it can be an id of ours; anything else is found nowhere, and the engine is not asked about it */
export const isId = (text: string): boolean => ID.test(text);
