import { count, oneDecimal } from '../report/numbers';
import { renderTable } from '../report/table';
import { COMPLETED, findFault, REFUSED, type FlashSale } from './outcome';

const HEADER = ['Round', 'Stock', 'Completed', 'Refused', 'Other answers', 'p50 ms', 'Max ms'];

/** A row per round. */
export function renderFlashSales(sales: readonly FlashSale[]): string {
  const rows = sales.map((sale, round) => [
    ...[String(round + 1), count(sale.stock), count(sale.completedOrders), count(sale.outcomes[REFUSED] ?? 0)],
    ...[describeOthers(sale), oneDecimal(sale.p50Ms), oneDecimal(sale.maxMs)],
  ]);
  return renderTable(HEADER, rows);
}

/** Customers who were told neither that their order was completed nor that the stock was insufficient. */
function describeOthers({ outcomes }: FlashSale): string {
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== COMPLETED && outcome !== REFUSED);
  return others.map(([outcome, customers]) => `${customers} ${outcome}`).join(', ') || '0';
}

/** @returns the faults of all rounds, a line each; undefined if there are none */
export function describeFaults(sales: readonly FlashSale[]): string | undefined {
  const lines = sales.flatMap((sale, round) => {
    const fault = findFault(sale);
    return fault ? [`FLASH SALE FAILED in round ${round + 1}: ${fault}`] : [];
  });
  return lines.join('\n') || undefined;
}
