import type { EngineQueries } from './engine-queries';

const STUCK_AFTER_MINUTES = 5;

/**
 * Finds what needs attention even if every process is healthy: apps scaled to 0, stuck orders and dead letters. An engine that
 * doesn't respond is skipped, because its own health already shows that.
 * @param scale the number of replicas by app
 * @returns one line per problem
 */
export async function findProblems(
  scale: Record<string, number>,
  engines: Pick<EngineQueries, 'mysql' | 'rabbitmq'>,
): Promise<string[]> {
  const scaledToZero = Object.entries(scale).filter(([, count]) => count === 0);
  const [stuckOrders, deadLetters] = await Promise.all([
    countStuckOrders(engines).catch(() => 0),
    countDeadLetters(engines).catch(() => []),
  ]);
  return [
    ...scaledToZero.map(([name]) => `${name} is scaled to 0: ./setup.sh scale ${name} 1`),
    ...(stuckOrders > 0 ? [`orders processing for more than ${STUCK_AFTER_MINUTES} minutes: ${stuckOrders}`] : []),
    ...deadLetters.map(({ name, messages }) => {
      const queue = name.replace(/\.dead$/, '');
      return `dead letters of ${queue}: ${messages}; ./setup.sh redrive ${queue}`;
    }),
  ];
}

async function countStuckOrders({ mysql }: Pick<EngineQueries, 'mysql'>): Promise<number> {
  const { code, stdout } = await mysql(
    `SELECT COUNT(*) FROM cart.orders WHERE status = 'processing' AND created_at < UTC_TIMESTAMP() - INTERVAL ${STUCK_AFTER_MINUTES} MINUTE`,
  );
  return code === 0 ? Number(stdout.trim()) : 0;
}

interface QueueLength {
  name: string;
  messages: number;
}

async function countDeadLetters({ rabbitmq }: Pick<EngineQueries, 'rabbitmq'>): Promise<QueueLength[]> {
  const queues = await rabbitmq('/api/queues?columns=name,messages');
  if (!Array.isArray(queues)) return [];
  return (queues as QueueLength[]).filter(({ name, messages }) => name.endsWith('.dead') && messages > 0);
}
