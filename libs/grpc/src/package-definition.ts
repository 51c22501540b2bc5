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

const SHIPPED = 'google/protobuf/';

/**
 * What server reflection shows of services: the files of their packages, what ships with protobuf, and the health service.
 * @param services e.g. `inventory.v1.InventoryService`
 */
export function reflectionOf(services: readonly string[]): PackageDefinition {
  // A package is one file, in the folder of its name; the generator sees to that.
  const folders = services.map((service) => `${service.split('.').slice(0, -1).join('/')}/`);
  const own = Object.entries(reflection)
    .filter(([file]) => [...folders, SHIPPED].some((folder) => file.startsWith(folder)))
    .map(([, content]) => Buffer.from(content, 'base64'));
  return { files: { fileDescriptorProtos: [...own, ...new Set(healthFiles)] } } as unknown as PackageDefinition;
}
