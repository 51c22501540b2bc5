// @ts-check

const STUCK_AFTER_MINUTES = 5;

/**
 * Finds what needs attention even if every process is healthy: apps scaled to 0, stuck orders and dead letters. An engine that
 * doesn't answer is skipped, because its own health already shows that.
 *
 * @param {object} engines
 * @param {Record<string, number>} engines.scale replicas by app
 * @param {(sql: string) => Promise<{ code: number, stdout: string }>} engines.mysql rows as lines, columns separated by tabs
 * @param {(path: string) => Promise<unknown>} engines.rabbitmq the body of the management API's answer
 * @returns {Promise<string[]>} one line per problem
 */
export async function findTroubles({ scale, mysql, rabbitmq }) {
  const scaledToZero = Object.entries(scale).filter(([, count]) => count === 0);
  const [stuck, dead] = await Promise.all([
    countStuckOrders(mysql).catch(() => 0),
    countDeadLetters(rabbitmq).catch(() => []),
  ]);
  return [
    ...scaledToZero.map(([name]) => `${name} is scaled to 0: ./setup.sh scale ${name} 1`),
    ...(stuck > 0 ? [`orders processing for more than ${STUCK_AFTER_MINUTES} minutes: ${stuck}`] : []),
    ...dead.map(({ name, messages }) => {
      const queue = name.replace(/\.dead$/, '');
      return `dead letters of ${queue}: ${messages}; ./setup.sh redrive ${queue}`;
    }),
  ];
}

/** @param {(sql: string) => Promise<{ code: number, stdout: string }>} mysql */
async function countStuckOrders(mysql) {
  const { code, stdout } = await mysql(
    `SELECT COUNT(*) FROM cart.orders WHERE status = 'processing' AND created_at < UTC_TIMESTAMP() - INTERVAL ${STUCK_AFTER_MINUTES} MINUTE`,
  );
  return code === 0 ? Number(stdout.trim()) : 0;
}

/** @param {(path: string) => Promise<unknown>} rabbitmq @returns {Promise<{ name: string, messages: number }[]>} */
async function countDeadLetters(rabbitmq) {
  const queues = await rabbitmq('/api/queues?columns=name,messages');
  if (!Array.isArray(queues)) return [];
  return queues.filter(({ name, messages }) => String(name).endsWith('.dead') && messages > 0);
}
