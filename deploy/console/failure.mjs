// @ts-check

/** An error whose message tells the user everything; it is printed without a stack trace. */
export class Failure extends Error {}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
