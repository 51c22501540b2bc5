// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPortFree } from '../../machine/ports.mjs';
import { REPLICAS_MAX } from './apps.mjs';
import { PORT_VARIABLES } from '../../settings/settings.mjs';

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
const OFFSETS = {
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
};

/**
 * Claims a block of free ports for a home.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @returns {Promise<Record<string, string>>} values for its settings file
 */
export async function claimPorts(home) {
  mkdirSync(CLAIMS, { recursive: true, mode: 0o700 });
  const first = Math.floor(Math.random() * BLOCKS_MAX);
  for (let index = 0; index < BLOCKS_MAX; index += 1) {
    const block = BLOCK_FIRST + ((first + index) % BLOCKS_MAX) * BLOCK_SIZE;
    if (!claim(block, home.folder)) continue;
    if (await isBlockFree(block)) return portValues(block);
    release(block);
  }
  throw new Error(
    `There is no free block of ports between ${BLOCK_FIRST} and ${BLOCK_FIRST + BLOCKS_MAX * BLOCK_SIZE}.`,
  );
}

/** Releases a home's ports. @param {import('../../machine/paths.mjs').Home} home @param {number} cartApiPort */
export function releasePorts(home, cartApiPort) {
  const block = cartApiPort - OFFSETS.cartApi;
  if (claimant(block) === home.folder) release(block);
}

/** @param {number} block */
function portValues(block) {
  const names = /** @type {import('../../settings/settings.mjs').PortName[]} */ (Object.keys(PORT_VARIABLES));
  return Object.fromEntries(names.map((name) => [PORT_VARIABLES[name], String(block + OFFSETS[name])]));
}

/** @param {number} block */
async function isBlockFree(block) {
  const replicaPorts = Array.from({ length: REPLICAS_MAX }, (_, index) => [
    ...[OFFSETS.cartApi, OFFSETS.walletApi, OFFSETS.atmApi, OFFSETS.monitoringApi].map((at) => at + 10 * index),
    ...[OFFSETS.inventoryGrpc, OFFSETS.walletGrpc].map((at) => at + index),
    ...[OFFSETS.cartWorkerHealth, OFFSETS.checkoutWorkerHealth, OFFSETS.inventoryHealth].map((at) => at + 100 * index),
  ]);
  const offsets = [...replicaPorts.flat(), ...Object.values(OFFSETS)];
  const free = await Promise.all([...new Set(offsets)].map((offset) => isPortFree(block + offset)));
  return free.every(Boolean);
}

/** @param {number} block @param {string} folder */
function claim(block, folder) {
  const file = claimFile(block);
  if (isStale(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, folder, { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** A claim is stale if its home is gone: it was never released. @param {string} file */
function isStale(file) {
  try {
    const isOld = Date.now() - statSync(file).mtimeMs > CLAIM_GRACE_MS;
    return isOld && !existsSync(join(readFileSync(file, 'utf8'), 'settings.env'));
  } catch {
    return false;
  }
}

/** @param {number} block */
function claimant(block) {
  try {
    return readFileSync(claimFile(block), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {number} block */
function release(block) {
  rmSync(claimFile(block), { force: true });
}

/** @param {number} block */
function claimFile(block) {
  return join(CLAIMS, String(block));
}
