import type { MethodDefinition } from '@grpc/grpc-js';

/** The method names of a generated definition, without its index signature. */
export type MethodName<Definition> = keyof {
  [Name in keyof Definition as string extends Name ? never : Name]: Definition[Name];
} &
  string;

/** A request as a caller writes it: every field is optional and has a default. */
export type RequestInput<Method> = Method extends { requestSerialize: (value: infer Input) => Buffer } ? Input : never;

/** A request as a handler receives it: every field is present. */
export type RequestOutput<Method> = Method extends { requestDeserialize: (bytes: Buffer) => infer Output }
  ? Output
  : never;

/** A response as a handler must return it and a caller receives it: every field is present. */
export type ResponseOutput<Method> = Method extends { responseDeserialize: (bytes: Buffer) => infer Output }
  ? Output
  : never;

/** Names methods as `loadPackageDefinition` does: `CheckItems` becomes `checkItems`. */
export function methodsOf(definition: object): [name: string, method: MethodDefinition<unknown, unknown>][] {
  return Object.entries(definition).map(([name, method]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    method as MethodDefinition<unknown, unknown>,
  ]);
}
