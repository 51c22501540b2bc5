import { z } from 'zod';

/** The schema of an app's settings: one field per environment variable. */
export type SettingsSchema = z.ZodObject;

const BEGIN = '<!-- settings: `npm run generate` writes this table from the schema in src/config.ts -->';
const END = '<!-- end of settings -->';

/** Longer defaults would make the table unreadable; the README describes them in its text. */
const DEFAULT_LENGTH_MAX = 80;

/**
 * Puts the table of an app's settings between the markers of its README.
 * @throws Error if the markers are missing
 */
export function withSettingsTable(readme: string, schema: SettingsSchema): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`The README needs the lines "${BEGIN}" and "${END}".`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${settingsTable(schema)}\n\n${readme.slice(end)}`;
}

/** A Markdown table with the name, default, permitted values and description of each setting. */
export function settingsTable({ shape }: SettingsSchema): string {
  const rows = Object.entries(shape).map(([name, schema]) => {
    // Every field of an object schema is a full schema, but the type of `shape` is less specific.
    const setting = schema as z.ZodType;
    return [`\`${name}\``, defaultOf(setting), valuesOf(setting), setting.description ?? ''];
  });
  return markdownTable(['setting', 'default', 'values', 'meaning'], rows);
}

const inputSchemaOf = (setting: z.ZodType) => z.toJSONSchema(setting, { io: 'input', unrepresentable: 'any' });

function defaultOf(setting: z.ZodType): string {
  const unset = setting.safeParse(undefined);
  if (!unset.success) return 'required';
  const declared = inputSchemaOf(setting).default ?? unset.data;
  const text = typeof declared === 'string' ? declared : JSON.stringify(declared);
  if (declared === undefined || text === '') return 'none';
  return text.length > DEFAULT_LENGTH_MAX ? 'see the text' : `\`${text}\``;
}

const PORTS = { minimum: 1, maximum: 65_535 };

function valuesOf(setting: z.ZodType): string {
  const { type, minimum, maximum, enum: values, format } = inputSchemaOf(setting);
  if (minimum === PORTS.minimum && maximum === PORTS.maximum) return 'a port';
  if (minimum !== undefined && maximum !== undefined) return `${grouped(minimum)} to ${grouped(maximum)}`;
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (format === 'uri') return 'a URL';
  if (typeof setting.safeParse('true').data === 'boolean') return '`true`, `false`';
  if (type !== 'string') throw new Error(`The values of a setting can't be described: ${JSON.stringify(type)}`);
  return 'text';
}

const grouped = (value: number) => value.toLocaleString('en-US');

/** A table in the format that Prettier gives it: cells padded to the width of their column. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [headLine, ...bodyLines] = cells.map(line);
  return [headLine, line(widths.map((width) => '-'.repeat(width))), ...bodyLines].join('\n');
}
