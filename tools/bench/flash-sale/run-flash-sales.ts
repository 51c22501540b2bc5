import type { Channel } from 'amqplib';
import { drainQueues } from '../measuring/queue-depth';
import { findFault, type FlashSale } from './outcome';
import { runFlashSale, type Shop } from './run-flash-sale';

/** Runs a sale per round, after one that compiles code and fills caches. Each has a new product and new customers. */
export async function runFlashSales(shop: Shop, broker: Channel, rounds: number): Promise<FlashSale[]> {
  const run = (name: string) => runFlashSale(shop, `flash-sale-${name}`, () => drainQueues(broker));
  console.log('Warming up: flash-sale');
  await run('warm-up');
  const sales: FlashSale[] = [];
  while (sales.length < rounds) {
    const round = sales.length + 1;
    console.log(`Round ${round} of ${rounds}: flash-sale`);
    const sale = await run(String(round));
    sales.push(sale);
    const { completedOrders, stock, p50Ms, maxMs } = sale;
    const times = `p50 ${p50Ms.toFixed(0)} ms   max ${maxMs.toFixed(0)} ms`;
    console.log(`  ${completedOrders} completed, ${stock} in stock   ${times}${findFault(sale) ? '   FAILED' : ''}`);
  }
  return sales;
}
