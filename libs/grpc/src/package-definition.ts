import { logVerbosity, setLogVerbosity, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import descriptor from './generated/descriptor.json';
import reflection from './generated/reflection.json';

// Everything that grpc-js would print to the console is also reported as an error of a call or of `start`, and logged as JSON.
setLogVerbosity(logVerbosity.NONE);

type Descriptor = Parameters<typeof fromJSON>[0];

/** Matches the generated types (`tools/generate-grpc.ts`): camelCase fields, int64 as number, enums by name, with defaults. */
const packageDefinition = fromJSON(descriptor as unknown as Descriptor, {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** A service from proto/ with its full name, typed as its generated `Definition` (`…/InventoryService.ts`). */
export interface GrpcService<Definition> {
  name: string;
  definition: ServiceDefinition & { readonly __type?: Definition };
}

/** @param name such as `inventory.v1.InventoryService` */
export function grpcService<Definition>(name: string): GrpcService<Definition> {
  return { name, definition: packageDefinition[name] as ServiceDefinition };
}

/** The definition of the health service, from its own package. */
const healthFiles = Object.values(loadSync(healthProtoPath)).flatMap((type): Buffer[] =>
  Array.isArray(type['fileDescriptorProtos']) ? type['fileDescriptorProtos'] : [],
);

/** The folder of the files that ship with protobuf. */
const PROTOBUF_FOLDER = 'google/protobuf/';

/**
 * The files that server reflection shows: those of the services' packages, those that ship with protobuf, and the health
 * service.
 * @param services such as `inventory.v1.InventoryService`
 */
export function reflectionOf(services: readonly string[]): PackageDefinition {
  // Each package is one file, in the folder of its name; the generator ensures that.
  const folders = services.map((service) => `${service.split('.').slice(0, -1).join('/')}/`);
  const serviceFiles = Object.entries(reflection)
    .filter(([file]) => [...folders, PROTOBUF_FOLDER].some((folder) => file.startsWith(folder)))
    .map(([, content]) => Buffer.from(content, 'base64'));
  return {
    files: { fileDescriptorProtos: [...serviceFiles, ...new Set(healthFiles)] },
  } as unknown as PackageDefinition;
}
