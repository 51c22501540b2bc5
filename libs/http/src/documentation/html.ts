/** Text that is already HTML; everything else is escaped when it is inserted. */
export class Html {
  constructor(readonly source: string) {}
}

type Part = Html | string | number | undefined | readonly Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const toSource = (part: Part): string => {
  if (part === undefined) return '';
  if (part instanceof Html) return part.source;
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  return part.map(toSource).join('');
};

/** Creates HTML from a template. Inserted values are escaped unless they are themselves the result of `html`. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.reduce((source, string, index) => source + toSource(parts[index - 1]) + string));
