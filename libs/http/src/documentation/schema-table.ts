import { html, type Html } from './html';

/** The part of JSON Schema that the messages use. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  description?: string;
  example?: unknown;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

export const schemaAnchor = (name: string) => `schema-${name}`;
const nameOf = (ref: string) => ref.split('/').pop()!;
const variantsOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] | undefined => anyOf ?? oneOf;

const joined = (parts: readonly Html[], word: string): Html[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [html`${word}`, part]));

/** A short description of a value's type. */
function typeOf(schema: JsonSchema): Html {
  const { $ref, items, type } = schema;
  if ($ref) return html`<a href="#${schemaAnchor(nameOf($ref))}">${nameOf($ref)}</a>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return html`${joined(
      schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`),
      ' or ',
    )}`;
  const variants = variantsOf(schema);
  if (variants) return html`${joined(variants.map(typeOf), ' or ')}`;
  if (items) return html`list of ${typeOf(items)}`;
  return html`${[type ?? 'anything'].flat().join(' or ')}`;
}

/** The bounds of a value, except those that every integer in JavaScript has. */
function boundsOf({ minLength, maxLength, minimum, maximum, exclusiveMinimum, format }: JsonSchema): string {
  const lowerBound = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const isShown = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    maxLength === undefined ? '' : `${minLength ?? 0} to ${maxLength} characters`,
    isShown(lowerBound) ? `at least ${lowerBound}` : '',
    isShown(maximum) ? `at most ${maximum}` : '',
    format ?? '',
  ]
    .filter((bound) => bound !== '')
    .join(', ');
}

/** Renders text in backticks as code. */
const withCode = (text: string): Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

/** The fields of an object; nested fields are listed by their path. */
function rowsOf(schema: JsonSchema, prefix = ''): Html[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    const bounds = boundsOf(field);
    const row = html`<tr>
      <td><code>${prefix}${name}</code>${isRequired ? '' : html` <small>optional</small>`}</td>
      <td>${typeOf(field)}${bounds === '' ? '' : html` <small>${bounds}</small>`}</td>
      <td>${withCode(field.description ?? '')}</td>
    </tr>`;
    const inner = field.items?.properties ? field.items : field;
    return [row, ...rowsOf(inner, `${prefix}${name}${inner === field ? '' : '[]'}.`)];
  });
}

/** The fields of a value. If it has several variants, each has its own table. */
export function schemaTable(schema: JsonSchema): Html {
  const variants = variantsOf(schema);
  if (variants) return html`${joined(variants.map(schemaTable), 'or')}`;
  const rows = rowsOf(schema);
  if (rows.length === 0) return html`<p>${typeOf(schema)}</p>`;
  return html`<table>
    <thead>
      <tr>
        <th>field</th>
        <th>type</th>
        <th>meaning</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** An example value, composed of the examples in its schema. Optional fields are left out. */
export function exampleOf(schema: JsonSchema, schemas: Record<string, JsonSchema>): unknown {
  if (schema.$ref) return exampleOf(schemas[nameOf(schema.$ref)] ?? {}, schemas);
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const variants = variantsOf(schema);
  if (variants) return exampleOf(variants[0]!, schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (schema.properties) {
    const requiredFields = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(requiredFields.map(([name, field]) => [name, exampleOf(field, schemas)]));
  }
  return { string: '…', integer: 1, number: 1, boolean: false }[String(schema.type)] ?? null;
}
