import { percentile } from '../report/statistics';

export const COMPLETED = 'completed';
export const REFUSED = 'INSUFFICIENT_STOCK';

/** A customer's final answer. */
export interface FinalAnswer {
  /** `completed`, the code of the failure, or a description of an answer without a code. */
  outcome: string;
  /** Since the sale started. */
  afterMs: number;
}

/** The result of one sale. */
export interface FlashSale {
  stock: number;
  /** Orders that are completed afterwards, whatever the final answers were. */
  completedOrders: number;
  /** The number of customers for each outcome in the final answers. */
  outcomes: Record<string, number>;
  p50Ms: number;
  /** When the last customer had a final answer. */
  maxMs: number;
}

/** @returns the outcome of a checkout; undefined if its order is still processing */
export function outcomeOfCheckout(status: number, { code }: { code?: string }): string | undefined {
  if (status === 200) return COMPLETED;
  if (status === 202) return undefined;
  return code ?? `HTTP ${status}`;
}

/** @returns the outcome of an order; undefined if it is still processing */
export function outcomeOfOrder({ status, code }: { status: string; code: string }): string | undefined {
  if (status === 'processing') return undefined;
  return status === 'completed' ? COMPLETED : code;
}

export function summarizeSale(stock: number, completedOrders: number, answers: readonly FinalAnswer[]): FlashSale {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of answers) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const afterMs = answers.map((answer) => answer.afterMs);
  return { stock, completedOrders, outcomes, p50Ms: percentile(afterMs, 0.5), maxMs: percentile(afterMs, 1) };
}

/**
 * A customer without a definite answer, such as a timeout, may have a completed order.
 * @returns what went wrong; undefined if exactly the stock was sold, and no more customers were told that they had bought something
 */
export function findFault({ stock, completedOrders, outcomes }: FlashSale): string | undefined {
  if (completedOrders !== stock) return `${completedOrders} orders were completed, with ${stock} pieces in stock`;
  const told = outcomes[COMPLETED] ?? 0;
  if (told > stock) return `${told} customers were told that their order was completed; only ${stock} orders were`;
  return undefined;
}
