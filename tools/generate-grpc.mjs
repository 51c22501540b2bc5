// Generates libs/grpc/src/generated from proto/: the TypeScript types, and the descriptor as JSON, so bundles need no .proto files
// at run time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const loaderPath = require.resolve('@grpc/proto-loader/package.json');
// Writes the descriptor with the same copy of protobufjs that reads it at run time.
const protobuf = createRequire(loaderPath)('protobufjs');
createRequire(loaderPath)('protobufjs/ext/descriptor');

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const protoRoot = path.join(root, 'proto');
const outputRoot = path.join(root, 'libs/grpc/src/generated');

const files = readdirSync(protoRoot, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.proto'))
  .sort();

rmSync(outputRoot, { recursive: true, force: true });
mkdirSync(outputRoot, { recursive: true });

const generator = path.join(path.dirname(loaderPath), require(loaderPath).bin['proto-loader-gen-types']);
execFileSync(
  process.execPath,
  [
    generator,
    ...['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments', '--grpcLib=@grpc/grpc-js'],
    ...['-I', 'proto', '-O', outputRoot],
    ...files,
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);

/** @param {boolean} keepCase */
const load = (keepCase) => {
  const loaded = new protobuf.Root();
  // Files that ship with protobufjs (google/protobuf/…) are found under their own names.
  /** @type {(origin: string, target: string) => string} */
  loaded.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : path.join(protoRoot, target));
  return loaded.loadSync(files, { keepCase }).resolveAll();
};
/**
 * @param {string} name
 * @param {unknown} content
 */
const write = (name, content) =>
  writeFileSync(path.join(outputRoot, name), `${JSON.stringify(content, undefined, 2)}\n`);

write('descriptor.json', load(false).toJSON());

// Server reflection shows files with the names, imports and field names of proto/. protobufjs names a file after its package,
// omits imports and leaves type names relative, which strict clients refuse.
const asWritten = load(true);

/** @typedef {{ filename?: string, name: string, fullName: string }} Type */
/** @typedef {{ name: string, field: Record<string, string>[], nestedType: Message[] }} Message */
/** @typedef {{ name: string, package: string, dependency: string[], messageType: Message[], service: { method: Record<string, string>[] }[], $type: any }} File */

/** @param {Type} type */
function fileOf({ filename, name, fullName }) {
  if (filename) return path.relative(protoRoot, filename).replaceAll(path.sep, '/');
  const shipped = Object.keys(protobuf.common).find(
    (file) => protobuf.common.get(file)?.nested?.google?.nested?.protobuf?.nested?.[name],
  );
  if (!shipped) throw new Error(`no file declares ${fullName}`);
  return shipped;
}

/**
 * Makes the type name in `holder[key]` absolute.
 * @param {Record<string, string>} holder
 * @param {string} key
 * @param {string} scope
 * @returns {string[]} the file that declares it
 */
function link(holder, key, scope) {
  /** @type {Type | undefined} */
  const type = holder[key] && asWritten.lookup(scope).lookup(holder[key]);
  if (!type) return [];
  holder[key] = type.fullName;
  return [fileOf(type)];
}

/**
 * @param {Message} message
 * @param {string} scope
 * @returns {string[]} the files of the types it names
 */
function linkMessage(message, scope) {
  const name = `${scope}.${message.name}`;
  return [
    ...message.field.flatMap((field) => link(field, 'typeName', name)),
    ...message.nestedType.flatMap((nested) => linkMessage(nested, name)),
  ];
}

/**
 * @param {File} file
 * @returns {[name: string, encoded: string]}
 */
function asReflected(file) {
  const names = new Set(file.messageType.map(({ name }) => fileOf(asWritten.lookup(`${file.package}.${name}`))));
  const [name, ...others] = names;
  if (!name || others.length > 0)
    throw new Error(`package ${file.package} must be one file, is ${[...names].join(', ')}`);
  const imports = [
    ...file.messageType.flatMap((message) => linkMessage(message, file.package)),
    ...file.service
      .flatMap(({ method }) => method)
      .flatMap((method) => ['inputType', 'outputType'].flatMap((key) => link(method, key, file.package))),
  ];
  file.name = name;
  file.dependency = [...new Set(imports)].filter((each) => each !== name).sort();
  return [name, Buffer.from(file.$type.encode(file).finish()).toString('base64')];
}

/** @type {File[]} */
const reflectedFiles = asWritten.toDescriptor('proto3').file;
const reflected = reflectedFiles.map(asReflected).sort(([one], [other]) => (one < other ? -1 : 1));
write('reflection.json', Object.fromEntries(reflected));
