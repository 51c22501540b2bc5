import type { FlashSale } from './outcome';
import { describeFaults, renderFlashSales } from './report';

const sale = (completedOrders: number, outcomes: FlashSale['outcomes']): FlashSale => ({
  ...{ stock: 256, completedOrders, outcomes, p50Ms: 700.04, maxMs: 1_234.56 },
});
const good = sale(256, { completed: 256, INSUFFICIENT_STOCK: 256 });
const oversold = sale(257, { completed: 255, INSUFFICIENT_STOCK: 254, TIMEOUT: 2, 'HTTP 502': 1 });

test('the table has a row per round, with every other answer', () => {
  const table = renderFlashSales([good, oversold]).replace(/ +/g, ' ');
  expect(table).toContain('| 1 | 256 | 256 | 256 | 0 | 700.0 | 1234.6 |');
  expect(table).toContain('| 2 | 256 | 257 | 254 | 2 TIMEOUT, 1 HTTP 502 | 700.0 | 1234.6 |');
});

test('faults name their round', () => {
  expect(describeFaults([good, oversold])).toBe(
    'FLASH SALE FAILED in round 2: 257 orders were completed, with 256 pieces in stock',
  );
  expect(describeFaults([good, good])).toBeUndefined();
});
