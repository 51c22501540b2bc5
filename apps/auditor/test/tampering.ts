/** What was done to correct books, the statements that do it, and the ids that each check reports. A random id is a subquery. */
export type Tampering = [what: string, statements: string[], reported: Record<string, string[]>];

export const eventOf = (transaction: string) => `(SELECT id FROM wallet.event WHERE transaction_id = '${transaction}')`;
export const postingOf = (transaction: string, where: string) =>
  `(SELECT id FROM wallet.posting WHERE transaction_id = '${transaction}' AND ${where})`;
export const hourOf = (transaction: string) =>
  `(SELECT DATE_FORMAT(created_at, '%Y-%m-%d %H:00:00') AS id FROM wallet.transaction WHERE id = '${transaction}')`;
