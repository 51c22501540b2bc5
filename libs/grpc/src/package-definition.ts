import { logVerbosity, setLogVerbosity, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON, type PackageDefinition } from '@grpc/proto-loader';
import descriptor from './generated/descriptor.json';
import reflection from './generated/reflection.json';

// What it would write to the console comes back as the error of a call or of `start`, and goes to the log as JSON.
setLogVerbosity(logVerbosity.NONE);

type Descriptor = Parameters<typeof fromJSON>[0];

/** As the types were generated (`tools/generate-grpc.mjs`): camelCase fields, int64 as number, enums by name, defaults filled in. */
const packageDefinition = fromJSON(descriptor as unknown as Descriptor, {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** A service of proto/ with its full name, typed as `Definition` (generated, `…/InventoryService.ts`). */
export interface GrpcService<Definition> {
  name: string;
  definition: ServiceDefinition & { readonly __type?: Definition };
}

/** @param name e.g. `inventory.v1.InventoryService` */
export function grpcService<Definition>(name: string): GrpcService<Definition> {
  return { name, definition: packageDefinition[name] as ServiceDefinition };
}

/** The files of proto/ as server reflection shows them. */
export const reflectionDefinition = {
  files: { fileDescriptorProtos: Object.values(reflection).map((file) => Buffer.from(file, 'base64')) },
} as unknown as PackageDefinition;
