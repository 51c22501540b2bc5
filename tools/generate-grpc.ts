/*
 * Generates libs/grpc/src/generated from proto/: the TypeScript types, and the descriptor as JSON, so that bundles need no .proto
 * files at run time.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from './souk/machine/paths';

const PROTO = join(ROOT, 'proto');
const OUTPUT = join(ROOT, 'libs/grpc/src/generated');

interface Type {
  filename?: string;
  name: string;
  fullName: string;
}

/** The part of a protobufjs namespace that is used here. */
interface Namespace {
  lookup(name: string): Namespace & Type;
}

interface Root extends Namespace {
  resolvePath: (origin: string, target: string) => string;
  loadSync(files: string[], options: { keepCase: boolean }): { resolveAll(): Root };
  toJSON(): unknown;
  /** Added by protobufjs/ext/descriptor. */
  toDescriptor(syntax: string): { file: ProtoFile[] };
}

/** A FileDescriptorProto. */
interface ProtoFile {
  name: string;
  package: string;
  dependency: string[];
  messageType: Message[];
  service: { method: Record<string, string>[] }[];
  $type: { encode(file: ProtoFile): { finish(): Uint8Array } };
}

interface Message {
  name: string;
  field: Record<string, string>[];
  nestedType: Message[];
}

interface Protobuf {
  Root: new () => Root;
  common: Record<string, unknown> & {
    get(
      file: string,
    ): { nested?: { google?: { nested?: { protobuf?: { nested?: Record<string, unknown> } } } } } | null;
  };
}

const requireHere = createRequire(join(ROOT, 'package.json'));
const loaderPath = requireHere.resolve('@grpc/proto-loader/package.json');
const requireFromLoader = createRequire(loaderPath);
// Writes the descriptor with the same copy of protobufjs that reads it at run time.
const protobuf = requireFromLoader('protobufjs') as Protobuf;
requireFromLoader('protobufjs/ext/descriptor');

const protoFiles = readdirSync(PROTO, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(sep, '/'))
  .filter((file) => file.endsWith('.proto'))
  .sort();

function generateTypes(): void {
  const { bin } = requireHere(loaderPath) as { bin: Record<string, string> };
  const generator = join(dirname(loaderPath), bin['proto-loader-gen-types']!);
  const options = ['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments'];
  execFileSync(
    process.execPath,
    [generator, ...options, '--grpcLib=@grpc/grpc-js', '-I', 'proto', '-O', OUTPUT, ...protoFiles],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

function load(keepCase: boolean): Root {
  const root = new protobuf.Root();
  // Files that ship with protobufjs (google/protobuf/…) are found under their own names.
  root.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : join(PROTO, target));
  return root.loadSync(protoFiles, { keepCase }).resolveAll();
}

function write(name: string, content: unknown): void {
  writeFileSync(join(OUTPUT, name), `${JSON.stringify(content, undefined, 2)}\n`);
}

function fileOf({ filename, name, fullName }: Type): string {
  if (filename) return relative(PROTO, filename).replaceAll(sep, '/');
  const shippedFile = Object.keys(protobuf.common).find(
    (file) => protobuf.common.get(file)?.nested?.google?.nested?.protobuf?.nested?.[name],
  );
  if (!shippedFile) throw new Error(`no file declares ${fullName}`);
  return shippedFile;
}

/**
 * Makes the type name in `holder[key]` absolute.
 * @returns the file that declares it
 */
function link(root: Root, holder: Record<string, string>, key: string, scope: string): string[] {
  const type = holder[key] && root.lookup(scope).lookup(holder[key]);
  if (!type) return [];
  holder[key] = type.fullName;
  return [fileOf(type)];
}

/** @returns the files of the types that a message names */
function linkMessage(root: Root, message: Message, scope: string): string[] {
  const name = `${scope}.${message.name}`;
  return [
    ...message.field.flatMap((field) => link(root, field, 'typeName', name)),
    ...message.nestedType.flatMap((nested) => linkMessage(root, nested, name)),
  ];
}

/**
 * Server reflection shows files with the names, imports and field names of proto/. protobufjs names a file after its package, omits
 * imports and leaves type names relative, which strict clients refuse.
 */
function reflect(root: Root, file: ProtoFile): [name: string, encoded: string] {
  const names = new Set(file.messageType.map(({ name }) => fileOf(root.lookup(`${file.package}.${name}`))));
  const [name, ...otherNames] = names;
  if (!name || otherNames.length > 0)
    throw new Error(`package ${file.package} must be in one file, but is in ${[...names].join(', ')}`);
  const methods = file.service.flatMap(({ method }) => method);
  const imports = [
    ...file.messageType.flatMap((message) => linkMessage(root, message, file.package)),
    ...methods.flatMap((method) => ['inputType', 'outputType'].flatMap((key) => link(root, method, key, file.package))),
  ];
  file.name = name;
  file.dependency = [...new Set(imports)].filter((imported) => imported !== name).sort();
  return [name, Buffer.from(file.$type.encode(file).finish()).toString('base64')];
}

rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
generateTypes();
write('descriptor.json', load(false).toJSON());
const root = load(true);
const files = root.toDescriptor('proto3').file.map((file) => reflect(root, file));
write('reflection.json', Object.fromEntries(files.sort(([one], [other]) => (one < other ? -1 : 1))));
