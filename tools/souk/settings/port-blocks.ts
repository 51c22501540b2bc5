import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import type { Home } from '../machine/paths';
import { isPortFree } from '../machine/ports';
import { GRPC_PORTS } from './addresses';
import { PORT_VARIABLES, type PortName } from './settings';

/**
 * Blocks of ports for private homes. All are below the range of ports for outgoing connections (from 32768 on Linux): a port in
 * that range could be taken when an engine restarts.
 */
const BLOCK_FIRST = 10_500;
const BLOCK_SIZE = 500;
const BLOCKS_MAX = 43;
/** Not in TMPDIR, which may differ between callers, while the ports don't. */
const CLAIMS = `/tmp/souk-ports-${process.getuid?.() ?? 0}`;
/** How long a claim is valid while its home doesn't exist yet. */
const CLAIM_GRACE_MS = 30_000;

/** The offset of each port in a block; the gaps are for the ports of replicas. */
const OFFSETS: Record<PortName, number> = {
  cartApi: 3,
  walletApi: 4,
  atmApi: 5,
  monitoringApi: 6,
  cartWorkerHealth: 51,
  checkoutWorkerHealth: 52,
  inventoryHealth: 53,
  inventoryGrpc: 60,
  walletGrpc: 64,
  mysql: 70,
  rabbitmq: 71,
  rabbitmqManagement: 72,
  rabbitmqDist: 73,
  rabbitmqEpmd: 74,
  redis: 75,
  limitsRedis: 76,
};

/**
 * Claims a block of free ports for a home.
 * @returns values for its settings file
 */
export async function claimPorts(home: Home): Promise<Record<string, string>> {
  mkdirSync(CLAIMS, { recursive: true, mode: 0o700 });
  const firstIndex = Math.floor(Math.random() * BLOCKS_MAX);
  for (let index = 0; index < BLOCKS_MAX; index += 1) {
    const block = BLOCK_FIRST + ((firstIndex + index) % BLOCKS_MAX) * BLOCK_SIZE;
    if (!claim(block, home.folder)) continue;
    if (await isBlockFree(block)) return portValues(block);
    release(block);
  }
  throw new Failure(
    `There is no free block of ports between ${BLOCK_FIRST} and ${BLOCK_FIRST + BLOCKS_MAX * BLOCK_SIZE}.`,
  );
}

/** Releases a home's ports. */
export function releasePorts(home: Home, cartApiPort: number): void {
  const block = cartApiPort - OFFSETS.cartApi;
  if (claimant(block) === home.folder) release(block);
}

function portValues(block: number): Record<string, string> {
  const names = Object.keys(PORT_VARIABLES) as PortName[];
  return Object.fromEntries(names.map((name) => [PORT_VARIABLES[name], String(block + OFFSETS[name])]));
}

async function isBlockFree(block: number): Promise<boolean> {
  const replicaPorts = Array.from({ length: GRPC_PORTS }, (_, index) => [
    ...[OFFSETS.cartApi, OFFSETS.walletApi, OFFSETS.atmApi, OFFSETS.monitoringApi].map((offset) => offset + 10 * index),
    ...[OFFSETS.inventoryGrpc, OFFSETS.walletGrpc].map((offset) => offset + index),
    ...[OFFSETS.cartWorkerHealth, OFFSETS.checkoutWorkerHealth, OFFSETS.inventoryHealth].map(
      (offset) => offset + 100 * index,
    ),
  ]);
  const offsets = [...replicaPorts.flat(), ...Object.values(OFFSETS)];
  const free = await Promise.all([...new Set(offsets)].map((offset) => isPortFree(block + offset)));
  return free.every(Boolean);
}

function claim(block: number, folder: string): boolean {
  const file = claimFile(block);
  if (isStale(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, folder, { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** A claim is stale if its home no longer exists but was never released. */
function isStale(file: string): boolean {
  try {
    const isOld = Date.now() - statSync(file).mtimeMs > CLAIM_GRACE_MS;
    return isOld && !existsSync(join(readFileSync(file, 'utf8'), 'settings.env'));
  } catch {
    return false;
  }
}

function claimant(block: number): string | undefined {
  try {
    return readFileSync(claimFile(block), 'utf8');
  } catch {
    return undefined;
  }
}

function release(block: number): void {
  rmSync(claimFile(block), { force: true });
}

function claimFile(block: number): string {
  return join(CLAIMS, String(block));
}
