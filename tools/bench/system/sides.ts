import type { Batches } from '../floors/batcher';
import { parseBatches } from '../measuring/batch-sizes';
import { startChild, type Child } from './child';
import { MYSQL_VARIABLE, portVariable, RABBITMQ_VARIABLE } from '../floors/engine-variables';
import { FLOOR_SCHEMA } from '../floors/schema';
import type { PrivateSystem } from './private-system';
import type { FloorProgram } from '../scenarios';

/** A system to measure: Souk or a floor. */
export interface Side {
  url: string;
  /** Its own processes, without the engines. */
  pids: Record<string, number>;
  /** The batches of its consumers since they started. */
  readBatches(): Promise<Batches>;
}

export interface FloorSide extends Side {
  stop(): void;
}

export function soukSide({ urls, ports, appPids }: PrivateSystem, api: 'cartApi' | 'walletApi'): Side {
  const pages = [
    `http://127.0.0.1:${ports.cartWorkerHealth}`,
    `http://127.0.0.1:${ports.checkoutWorkerHealth}`,
    urls.monitoringApi,
  ];
  return {
    url: urls[api],
    pids: appPids,
    readBatches: async () => {
      const metrics = await Promise.all(pages.map(async (page) => (await fetch(`${page}/metrics`)).text()));
      return parseBatches(metrics.join('\n'));
    },
  };
}

const ROLES: Record<FloorProgram, string[]> = {
  'add-floor': ['worker', 'api'],
  'batched-add-floor': ['worker', 'api'],
  'checkout-floor': ['inventory', 'wallet', 'checkout', 'worker', 'api'],
  'deposit-floor': ['worker', 'api'],
};

/** Starts the processes of a floor, the API last. */
export async function startFloor(
  program: FloorProgram,
  { urls }: { urls: Record<'mysqlRoot' | 'rabbitmq', string> },
): Promise<FloorSide> {
  const env: Record<string, string> = {
    [MYSQL_VARIABLE]: `${urls.mysqlRoot}/${FLOOR_SCHEMA}`,
    [RABBITMQ_VARIABLE]: urls.rabbitmq,
  };
  const children: { name: string; child: Child }[] = [];
  let url = '';
  for (const role of ROLES[program]) {
    const child = startChild(`floors/${program}.ts`, [role], env);
    children.push({ name: `${program} ${role}`, child });
    const { port } = await child.next<{ port?: number }>();
    env[portVariable(role)] = String(port);
    url = `http://127.0.0.1:${port}`;
  }
  return {
    url,
    pids: Object.fromEntries(children.map(({ name, child }) => [name, child.pid])),
    readBatches: async () => {
      const answers = await Promise.all(children.map(({ child }) => child.ask<{ batches: Batches }>({})));
      return Object.assign({}, ...answers.map(({ batches }) => batches)) as Batches;
    },
    stop: () => children.forEach(({ child }) => child.stop()),
  };
}
