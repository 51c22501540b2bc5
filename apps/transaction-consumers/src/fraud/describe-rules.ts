import { formatAmount } from '@souk/money';
import { z } from 'zod';
import type { Rule } from './rule';
import { EVENT_KINDS, WINDOW_EVENTS_MAX } from './window';

const INTRODUCTION = `# Rules of fraud detection

Written by \`npm run generate\` from the declarations in \`apps/transaction-consumers/src/fraud/rules\`.

A rule looks at the last events of an account, and at no others: at most ${WINDOW_EVENTS_MAX} each of ${EVENT_KINDS.slice(0, -1).join(', ')} and
${EVENT_KINDS.at(-1)} ones. Refunds are none of them, since nobody asked for those, nor is a charge that came in, which is a shop's
business.

It raises an alert when it finds what it describes, and found it at no event within \`within_seconds\` before. So a burst raises
one alert, however long it goes on. Since that follows from the events alone, a rebuild gives the same alerts with the same ids, and
publishes none a second time.

## Settings

The variable \`FRAUD_RULES\` is a JSON object: the name of a rule, and those of its settings that differ from their defaults, or
\`false\` to switch it off. Amounts are decimal strings. A name that nobody knows and a value out of bounds are faults, which are
named at the start.

\`\`\`sh
FRAUD_RULES='{"velocity": {"count_max": 20}, "unusual-amount": {"amount_min": "1000.00"}, "structuring": false}'
\`\`\`

A changed setting holds for the events that follow; a rebuild applies it to all that ever happened.
`;

/** The content of docs/fraud-rules.md. */
export const describeRules = (rules: readonly Rule[]): string => [INTRODUCTION, ...rules.map(describeRule)].join('\n');

const describeRule = ({ name, description, settings }: Rule): string => {
  const rows = Object.entries(settings.shape).map(([setting, schema]) => describeSetting(setting, schema as z.ZodType));
  return `## ${name}\n\n${description}\n\n${table(['setting', 'default', 'bounds', 'what it is'], rows)}\n`;
};

function describeSetting(name: string, schema: z.ZodType): string[] {
  const fallback = schema.parse(undefined) as number | bigint;
  const { minimum, maximum } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const bounds = minimum === undefined ? 'an amount' : `${minimum} to ${maximum}`;
  const shown = typeof fallback === 'bigint' ? `"${formatAmount(fallback)}"` : String(fallback);
  return [`\`${name}\``, `\`${shown}\``, bounds, schema.description ?? ''];
}

/** A Markdown table with aligned columns. */
function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}
