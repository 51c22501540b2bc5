import { stringify } from 'lossless-json';

/** A body that is already JSON and is sent as is: one with exact numbers, or a stored answer. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Writes every `LosslessNumber` and `bigint` in a value with all its digits; none of them becomes a floating-point number. */
export function exactJson(value: Record<string, unknown>): JsonText {
  return new JsonText(stringify(value)!);
}

/** The text of a body. Bodies without exact numbers go through `JSON.stringify`, which is much faster. */
export const textOf = (body: unknown): string => (body instanceof JsonText ? body.text : JSON.stringify(body));
