// @ts-check

/** A fault whose message tells the user all there is to know; it is printed without a stack. */
export class Failure extends Error {}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
