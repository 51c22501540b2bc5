import { createKeyStore, keyMigrations, type KeyResult, type KeyStore } from '@souk/access';
import {
  KEY_ID,
  KEY_NAME_LENGTH_MAX,
  ROTATION_OVERLAP_HOURS,
  ROTATION_OVERLAP_HOURS_MAX,
  SCOPES,
  type KeyView,
  type Scope,
} from '@souk/contracts';
import { createDatabase, migrate } from '@souk/database';
import { AppError, ConfigError, loadConfig } from '@souk/service';
import { parseArgs } from 'node:util';
import { configSchema } from '../config';
import { presentKey } from './routes';

const USAGE = `Usage: keys create NAME --scopes SCOPE[,SCOPE ...] [--title TEXT] [--expires-in DAYS]
       keys rotate NAME [--overlap HOURS]
       keys revoke NAME
       keys list [--json]
Scopes: ${SCOPES.join(', ')}`;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The actor of a change made on the command line. */
const ACTOR = 'souk keys';
const PAGE = 500;

const REFUSALS = {
  KEY_EXISTS: (id: string) => `There is already a key "${id}". For a new secret: keys rotate ${id}`,
  KEY_NOT_FOUND: (id: string) => `There is no key "${id}".`,
  KEY_REVOKED: (id: string) => `The key "${id}" is revoked, and its name can't be used again.`,
};

/** The command line can't be carried out; the message says why. */
class UsageError extends Error {}

/**
 * Creates, lists, rotates or revokes API keys and prints the outcome. The text of a key goes to standard output, and only that, so
 * that it can be captured.
 * @returns the exit code of the process
 */
export async function keysCommand(action: string | undefined, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const command = readCommand(action, args);
    const url = loadConfig(configSchema, env).ACCESS_DATABASE_URL;
    if (url === undefined) throw new UsageError('ACCESS_DATABASE_URL must be set');
    await migrate(url, keyMigrations);
    const db = createDatabase({ url, poolSize: 1, acquireTimeoutMs: 5_000, statementTimeoutMs: 10_000 });
    try {
      await command(createKeyStore(db));
      return 0;
    } finally {
      await db.close();
    }
  } catch (error) {
    const isExpected = error instanceof UsageError || error instanceof ConfigError || error instanceof AppError;
    console.error(isExpected ? error.message : error);
    return 1;
  }
}

type Command = (keys: KeyStore) => Promise<void>;

/** @throws UsageError */
function readCommand(action: string | undefined, args: string[]): Command {
  const { values, positionals } = parse(args);
  const [id = '', ...excess] = positionals;
  if (excess.length > 0) throw new UsageError(`Unknown argument: ${excess[0]}\n\n${USAGE}`);
  if (action === 'list' && id === '') return (keys) => list(keys, values.json ?? false);
  if (!KEY_ID.test(id)) {
    throw new UsageError(`NAME must be 1 to 40 lower-case letters, digits and hyphens.\n\n${USAGE}`);
  }
  if (action === 'revoke') return (keys) => revoke(keys, id);
  if (action === 'rotate') {
    const overlapHours = readNumber('--overlap', values.overlap, { min: 0, max: ROTATION_OVERLAP_HOURS_MAX });
    return (keys) => rotate(keys, id, (overlapHours ?? ROTATION_OVERLAP_HOURS) * HOUR_MS);
  }
  if (action !== 'create') throw new UsageError(USAGE);
  const days = readNumber('--expires-in', values['expires-in'], { min: 1, max: 36_500 });
  const name = values.title ?? id;
  if ([...name].length > KEY_NAME_LENGTH_MAX)
    throw new UsageError(`--title must have at most ${KEY_NAME_LENGTH_MAX} characters`);
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + days * DAY_MS);
  const scopes = readScopes(values.scopes);
  return (keys) => create(keys, { id, name, scopes, expiresAt });
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        scopes: { type: 'string' },
        title: { type: 'string' },
        'expires-in': { type: 'string' },
        overlap: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function readScopes(text: string | undefined): Scope[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(SCOPES as readonly string[]).includes(name));
  if (unknown.length === 0) return names as Scope[];
  throw new UsageError(`--scopes must be from ${SCOPES.join(', ')}; not "${unknown.join(', ')}"`);
}

/** @returns `undefined` if the option isn't given */
function readNumber(option: string, text: string | undefined, { min, max }: { min: number; max: number }) {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, not "${text}"`);
}

interface NewKey {
  id: string;
  name: string;
  scopes: Scope[];
  expiresAt: Date | undefined;
}

async function create(keys: KeyStore, key: NewKey): Promise<void> {
  const result = await keys.put({ ...key, mustBeNew: true, actor: ACTOR });
  printSecret(key.id, result, 'It is shown only once.');
}

async function rotate(keys: KeyStore, id: string, overlapMs: number): Promise<void> {
  const startedAt = Date.now();
  const result = await keys.rotate(id, { overlapMs });
  const expiresAt = result.ok ? result.key.secrets[1]?.expiresAt : undefined;
  printSecret(id, result, `It is shown only once. ${fateOfEarlierSecrets(expiresAt, startedAt + overlapMs)}`);
}

/** @param expectedAtMs when the previous secret would expire after a first rotation */
function fateOfEarlierSecrets(expiresAt: Date | undefined, expectedAtMs: number): string {
  if (expiresAt === undefined || expiresAt.getTime() <= Date.now()) return 'All earlier secrets have stopped working.';
  const until = expiresAt.toISOString();
  // Clocks differ a little; an earlier rotation began before this one.
  return expiresAt.getTime() < expectedAtMs - MINUTE_MS
    ? `The secret from before an earlier rotation works until ${until}; the one created since then no longer works.`
    : `The previous one works until ${until}.`;
}

function printSecret(id: string, result: KeyResult, note: string): void {
  if (!result.ok) throw new UsageError(REFUSALS[result.code](id));
  console.error(`The key "${id}" has the scopes ${result.key.scopes.join(', ')}. ${note}`);
  console.log(result.text);
}

async function revoke(keys: KeyStore, id: string): Promise<void> {
  if (!(await keys.revoke(id))) throw new UsageError(REFUSALS.KEY_NOT_FOUND(id));
  console.error(`The key "${id}" is revoked. Running services refuse it within 5 seconds.`);
}

async function list(keys: KeyStore, isJson: boolean): Promise<void> {
  const views: KeyView[] = [];
  for (let after: string | undefined; ;) {
    const page = (await keys.list({ after, limit: PAGE })).map((key) => presentKey(key));
    views.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)!.id;
  }
  if (isJson) return console.log(JSON.stringify(views, null, 2));
  for (const view of views) console.log(lineOf(view));
  if (views.length === 0) console.error('There are no keys.');
}

function lineOf({ id, scopes, expires_at, revoked_at, last_used_at }: KeyView): string {
  const state = revoked_at ? `revoked ${revoked_at}` : expires_at ? `expires ${expires_at}` : 'never expires';
  return [id.padEnd(20), state.padEnd(34), `last used ${last_used_at ?? 'never'}`.padEnd(36), scopes.join(',')].join(
    '  ',
  );
}
