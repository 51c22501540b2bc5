import type { Connection, RowDataPacket } from 'mysql2/promise';
import { renderTable } from '../report/table';
import type { PrivateSystem } from '../system/private-system';
import type { GrowthData } from './growth-data';
import { normalise } from './normalise';
import { useEverything } from './use-everything';

const SCHEMAS = ['cart', 'inventory', 'wallet', 'monitoring'];
/** Every periodic job runs at least once in this time. */
const JOBS_MS = 75_000;

interface Statement {
  schema: string;
  text: string;
  /** The longest instance, with its values: the plan depends on the number of keys. */
  longest: string;
}

interface PlanRow extends RowDataPacket {
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
  Extra: string | null;
}

/** @returns a page with the plan of every statement that the apps send */
export async function explainStatements(
  system: PrivateSystem,
  database: Connection,
  data: GrowthData,
): Promise<string> {
  // Makes three postings look as if an earlier release had written them.
  await database.query(
    `UPDATE wallet.posting SET type = NULL, order_id = NULL
      WHERE wallet_id = (SELECT id FROM wallet.wallet WHERE account_id = ?) AND sequence < 4`,
    [data.largest.accountId],
  );
  await database.query("SET GLOBAL log_output = 'TABLE'");
  await database.query('TRUNCATE TABLE mysql.general_log');
  await database.query('SET GLOBAL general_log = ON');
  try {
    await useEverything(system, data);
    await new Promise((resolve) => setTimeout(resolve, JOBS_MS));
  } finally {
    await database.query('SET GLOBAL general_log = OFF');
  }
  const log = await readLog(database);
  const statements = findStatements(log);
  const rows: string[][] = [];
  for (const statement of statements) rows.push(...(await planOf(database, statement)));
  const [[server]] = await database.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const inserts = findInserts(log);
  const [[size]] = await database.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM wallet.account) AS accounts, (SELECT COUNT(*) FROM cart.orders) AS orders,
            (SELECT COUNT(*) FROM wallet.posting) AS postings`,
  );
  const counts = Object.entries(size!).map(([table, count]) => `${Number(count).toLocaleString('en')} ${table}`);
  return renderPage(`${String(server!.version)}, with ${counts.join(', ')}`, rows, inserts);
}

interface LogEntry {
  schema: string;
  sql: string;
}

async function readLog(database: Connection): Promise<LogEntry[]> {
  const [rows] = await database.query<RowDataPacket[]>(
    "SELECT user_host, CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')",
  );
  return rows.flatMap((row) => {
    const schema = /^(\w+)\[/.exec(String(row.user_host))?.[1] ?? '';
    if (!SCHEMAS.includes(schema)) return [];
    // The first entry of a round trip contains all of its statements. Values contain no line breaks, which are escaped.
    return String(row.argument)
      .split(';\n')
      .map((sql) => ({ schema, sql }));
  });
}

function findStatements(log: readonly LogEntry[]): Statement[] {
  const statements = new Map<string, Statement>();
  for (const { schema, sql } of log) {
    if (!/^\s*(SELECT|UPDATE|DELETE)\b/i.test(sql) || !/\b(FROM|UPDATE)\b/i.test(sql)) continue;
    const text = normalise(sql);
    const key = `${schema} ${text}`;
    const known = statements.get(key);
    if (!known || sql.length > known.longest.length) statements.set(key, { schema, text, longest: sql });
  }
  return [...statements.values()].sort((a, b) => (a.schema + a.text < b.schema + b.text ? -1 : 1));
}

/** @returns the tables that statements insert into, with their schemas; inserts look up rows only by unique keys */
function findInserts(log: readonly LogEntry[]): string[] {
  const tables = new Set<string>();
  for (const { schema, sql } of log) {
    const table = /^\s*INSERT (?:IGNORE )?INTO `?(\w+)/i.exec(sql)?.[1];
    if (table) tables.add(`${schema}.${table}`);
  }
  return [...tables].sort();
}

async function planOf(database: Connection, { schema, text, longest }: Statement): Promise<string[][]> {
  await database.query(`USE ${schema}`);
  const [plan] = await database.query<PlanRow[]>(`EXPLAIN ${longest}`);
  return plan.map(({ table, type, key, rows, Extra }, index) => [
    index === 0 ? schema : '',
    index === 0 ? `\`${text.replaceAll('`', '').replaceAll('|', '\\|')}\`` : '',
    table ?? '',
    type ?? '',
    key ?? '',
    rows === null ? '' : String(rows),
    Extra ?? '',
  ]);
}

function renderPage(setting: string, rows: readonly string[][], inserts: readonly string[]): string {
  const header = ['Schema', 'Statement', 'Table', 'Type', 'Key', 'Rows', 'Extra'];
  return `# How the database runs each statement

Written by \`npm run bench:growth -- explain --scale 100\` on
${setting}.

The run uses every route and every periodic job, records every statement that the apps send, and explains the longest
instance of each. [Growth](performance-growth.md) discusses what stands out.

Inserts and upserts look up rows only by unique keys. They write to these tables: ${inserts.join(', ')}.

<!-- prettier-ignore -->
${renderTable(header, rows, header.length)}
`;
}
