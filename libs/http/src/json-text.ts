import { stringify } from 'lossless-json';

/** A body that is JSON already, and goes out as it stands: one whose numbers are exact, or an answer that was kept. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Writes every `LosslessNumber` and `bigint` in a value digit by digit; no number passes through floating point. */
export function exactJson(value: Record<string, unknown>): JsonText {
  return new JsonText(stringify(value)!);
}

/** The text of a body. Those without exact numbers are left to the engine's own writer, which is much faster. */
export const textOf = (body: unknown): string => (body instanceof JsonText ? body.text : JSON.stringify(body));
