import { randomUUID } from 'node:crypto';

/** @returns a UUID of version 7: it begins with the time, so that new rows go to the end of their index */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** What the columns of ids hold: ours, and those that accounts were given by name. */
const ID = /^[A-Za-z0-9._-]{1,36}$/;

/** @returns whether it can be the id of an account or wallet; anything else is found nowhere, and the engine is not asked */
export const isId = (text: string): boolean => ID.test(text);
