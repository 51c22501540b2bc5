/*
 * Builds the generated part of the client: the types of each route, and a table of how to make its requests. The source is the
 * OpenAPI document, which is built from the route declarations.
 */
import { CART_API_DESCRIPTION, CART_API_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { buildOpenApi } from '@souk/http';
import { format } from 'prettier';
import { z } from 'zod';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  description?: string;
  default?: unknown;
}

interface DocumentedOperation {
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Document {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, DocumentedOperation>>;
}

/** A route and the data for its generated code. */
interface Method {
  route: RouteDeclaration;
  /** Its path in the document. */
  path: string;
  operation: DocumentedOperation;
  /** The prefix of its types' names. */
  name: string;
  /** Everything that a caller passes: parameters and body fields in one object. */
  input: Schema;
}

const HEADER = `/*
 * Generated from the declarations of the routes: do not edit. Run \`npm run generate\`.
 */`;

/** The source of libs/client/src/generated/cart-api.ts; the same routes always give the same source. */
export async function buildClientSource(): Promise<string> {
  const routes: readonly RouteDeclaration[] = CART_API_ROUTES;
  const document = JSON.parse(JSON.stringify(buildOpenApi(CART_API_DESCRIPTION, routes))) as Document;
  const methods = routes.map((route) => describe(route, document));
  const parts = [
    HEADER,
    `import type { CallOptions, ConditionalCallOptions, KeyedCallOptions, WaitingCallOptions } from '../options';
     import type { Operation } from '../request';
     import type { Failure, Result } from '../result';`,
    ...Object.entries(document.components.schemas).map(([name, schema]) => declareType(name, schema)),
    ...methods.flatMap(declareTypes),
    `/** ${CART_API_DESCRIPTION.title} ${CART_API_DESCRIPTION.version}: a method for each route. */
     export interface CartApi { ${methods.map(declareMethod).join('\n\n')} }`,
    `/** How the request of each method is made. */
     export const OPERATIONS = { ${methods.map(tableRow).join(',\n')} } satisfies Record<keyof CartApi, Operation>;`,
  ];
  return format(parts.join('\n\n'), { parser: 'typescript', singleQuote: true, printWidth: 120 });
}

function describe(route: RouteDeclaration, document: Document): Method {
  const path = route.path.replace(/:(\w+)/g, '{$1}');
  const operation = document.paths[path]![route.method]!;
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  const body = bodySchema(operation);
  const names = [...parameters.map(({ name }) => name), ...Object.keys(body.properties ?? {})];
  if (new Set(names).size < names.length) throw new Error(`${route.operationId} has two inputs with the same name`);
  return {
    route,
    path,
    operation,
    name: route.operationId[0]!.toUpperCase() + route.operationId.slice(1),
    input: {
      type: 'object',
      properties: { ...Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])), ...body.properties },
      required: [...parameters.flatMap(({ name, required }) => (required ? [name] : [])), ...(body.required ?? [])],
    },
  };
}

const bodySchema = ({ requestBody }: DocumentedOperation): Schema =>
  requestBody?.content['application/json']?.schema ?? {};

const bodiesOf = ({ operation }: Method, isSuccess: boolean): Schema[] =>
  Object.entries(operation.responses)
    .filter(([status]) => status.startsWith('2') === isSuccess)
    .flatMap(([, { content }]) => content?.['application/json']?.schema ?? []);

const isStream = ({ operation }: Method) => operation.responses['200']?.content?.['text/event-stream'] !== undefined;

/** One schema per code of each status. */
const failuresOf = (method: Method) =>
  bodiesOf(method, false).flatMap((schema) => schema.anyOf ?? schema.oneOf ?? [schema]);

const codesOf = (method: Method) =>
  new Set(failuresOf(method).flatMap(({ properties }) => properties?.['code']?.enum ?? []));

function declareTypes(method: Method): string[] {
  const { name, input, route } = method;
  return [
    declareType(`${name}Input`, input),
    ...(isStream(method) ? [] : [`export type ${name}Answer = ${union(bodiesOf(method, true).map(typeOf))};`]),
    `/** How \`${route.operationId}\` fails. */
     export type ${name}Failure = ${union(failuresOf(method).map(failureType))};`,
  ];
}

const declareType = (name: string, schema: Schema) =>
  schema.type === 'object'
    ? `${comment(schema.description)}export interface ${name} ${typeOf(schema)}`
    : `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`;

/** The fields that all failures share are declared once. */
function failureType({ properties = {}, required = [] }: Schema): string {
  const { status: _status, error: _error, code, ...details } = properties;
  const shared = `Failure<${typeOf(code!)}>`;
  return Object.keys(details).length === 0 ? shared : `(${shared} & ${typeOf({ properties: details, required })})`;
}

function declareMethod(method: Method): string {
  const { route, name, input, operation, path } = method;
  const lines = [`${operation.summary}.`, operation.description, `\`${route.method.toUpperCase()} ${path}\``];
  const docComment = comment(lines.filter((line) => line !== undefined).join('\n\n'));
  const inputParameter = `input${(input.required ?? []).length === 0 ? '?' : ''}: ${name}Input`;
  if (isStream(method)) {
    const events = `AsyncGenerator<${eventType(route)}, void, undefined>`;
    return `${docComment}${route.operationId}(${inputParameter}, options?: CallOptions): ${events};`;
  }
  const options = optionsOf(route);
  const result = `Promise<Result<${name}Answer, ${name}Failure>>`;
  return `${docComment}${route.operationId}(${inputParameter}, options?: ${options}): ${result};`;
}

function optionsOf({ takesPrefer, isIdempotent, takesIfMatch }: RouteDeclaration): string {
  if (takesPrefer) return 'WaitingCallOptions';
  if (isIdempotent) return 'KeyedCallOptions';
  return takesIfMatch ? 'ConditionalCallOptions' : 'CallOptions';
}

function eventType({ operationId, responses }: RouteDeclaration): string {
  const data = responses[200]?.eventData;
  const id = data && z.globalRegistry.get(data)?.id;
  if (id === undefined) throw new Error(`${operationId} is a stream of events without a name`);
  return id;
}

function tableRow(method: Method): string {
  const { route, path, operation } = method;
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const row = {
    method: route.method.toUpperCase(),
    path,
    query,
    body: Object.keys(bodySchema(operation).properties ?? {}),
    codes: [...codesOf(method)],
    takesKey: route.isIdempotent ?? false,
    takesPrefer: route.takesPrefer ?? false,
    takesIfMatch: route.takesIfMatch ?? false,
    isStream: isStream(method),
  };
  return `${route.operationId}: ${JSON.stringify(row)}`;
}

const union = (types: string[]) => [...new Set(types)].join(' | ');

const TYPES: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** @throws Error for a kind of schema that Souk hasn't used yet */
function typeOf(schema: Schema): string {
  const { $ref, anyOf, oneOf, type, properties, items } = schema;
  if ($ref !== undefined) return $ref.split('/').pop()!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const either = anyOf ?? oneOf;
  if (either) return union(either.map(typeOf));
  if (items) return `Array<${typeOf(items)}>`;
  if (properties) return objectType(properties, schema.required ?? []);
  const types = [type ?? []].flat().map((typeName) => TYPES[typeName]);
  if (types.length === 0 || types.includes(undefined)) throw new Error(`no type for ${JSON.stringify(schema)}`);
  return union(types as string[]);
}

function objectType(properties: Record<string, Schema>, required: readonly string[]): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const fallback = schema.default === undefined ? '' : `; ${JSON.stringify(schema.default)} where it is not given`;
    const docComment = schema.description === undefined ? '' : comment(schema.description + fallback);
    return `${docComment}${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `{\n${fields.join('\n')}\n}`;
}

function comment(text: string | undefined): string {
  if (text === undefined) return '';
  if (!text.includes('\n')) return `/** ${text} */\n`;
  return `/**\n${text
    .split('\n')
    .map((line) => ` * ${line}`.trimEnd())
    .join('\n')}\n */\n`;
}
