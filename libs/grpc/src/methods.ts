import type { MethodDefinition } from '@grpc/grpc-js';

/** The names of the methods of a generated definition, without its index signature. */
export type MethodName<Definition> = keyof {
  [Name in keyof Definition as string extends Name ? never : Name]: Definition[Name];
} &
  string;

/** What a caller writes: every field may be left out and is then its default. */
export type RequestInput<Method> = Method extends { requestSerialize: (value: infer Input) => Buffer } ? Input : never;

/** What a handler gets: every field is there. */
export type RequestOutput<Method> = Method extends { requestDeserialize: (bytes: Buffer) => infer Output }
  ? Output
  : never;

/** What a caller gets, and what a handler must answer: every field is there. */
export type ResponseOutput<Method> = Method extends { responseDeserialize: (bytes: Buffer) => infer Output }
  ? Output
  : never;

/** As `loadPackageDefinition` does: `CheckItems` is called `checkItems`. */
export function methodsOf(definition: object): [name: string, method: MethodDefinition<unknown, unknown>][] {
  return Object.entries(definition).map(([name, method]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    method as MethodDefinition<unknown, unknown>,
  ]);
}
