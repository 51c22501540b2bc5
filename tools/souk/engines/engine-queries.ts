import { BROKER_OPERATOR } from '@souk/contracts';
import type { CommandResult } from '../machine/run-command';
import { LOOPBACK } from '../settings/addresses';
import type { Settings } from '../settings/settings';

/** How to query the engines of a running system. */
export interface EngineQueries {
  /** Runs a statement. Prints rows as lines, with columns separated by tabs. */
  mysql(sql: string): Promise<CommandResult>;
  /** @returns the body of the management API's response */
  rabbitmq(path: string): Promise<unknown>;
  /** @returns the value of a setting */
  redis(name: string): Promise<string | undefined>;
}

/**
 * Queries RabbitMQ's management API, which is at the same address with and without containers.
 * @throws if it doesn't respond
 */
export async function queryRabbitmq(settings: Settings, path: string): Promise<{ status: number; body: unknown }> {
  const credentials = Buffer.from(`${BROKER_OPERATOR}:${settings.passwords.rabbitmq}`).toString('base64');
  const response = await fetch(`http://${LOOPBACK}:${settings.ports.rabbitmqManagement}${path}`, {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(3000),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
