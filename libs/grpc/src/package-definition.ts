import { logVerbosity, setLogVerbosity, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath as healthProtoPath } from 'grpc-health-check';
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

/** The health service, whose definition comes with its package. */
const healthFiles = Object.values(loadSync(healthProtoPath)).flatMap((type): Buffer[] =>
  Array.isArray(type['fileDescriptorProtos']) ? type['fileDescriptorProtos'] : [],
);

/** What server reflection shows: the files of proto/ and the health service. */
export const reflectionDefinition = {
  files: {
    fileDescriptorProtos: [
      ...Object.values(reflection).map((file) => Buffer.from(file, 'base64')),
      ...new Set(healthFiles),
    ],
  },
} as unknown as PackageDefinition;
