import { normalise } from './normalise';

test('statements that differ only in their values are the same', () => {
  const first = normalise("SELECT id FROM orders\n WHERE client_id = 'it''s' AND seq < 12 LIMIT 50");
  expect(first).toBe('SELECT id FROM orders WHERE client_id = ? AND seq < ? LIMIT ?');
  expect(normalise("SELECT id FROM orders WHERE client_id = 'O\\'Neil' AND seq < 9 LIMIT 1")).toBe(first);
});

test('lists of different lengths are the same', () => {
  const one = normalise("SELECT id FROM wallet WHERE id IN ('a')");
  expect(one).toBe('SELECT id FROM wallet WHERE id IN (…)');
  expect(normalise("SELECT id FROM wallet WHERE id IN ('a', 'b', 'c')")).toBe(one);
});

test('the number of repetitions of a condition makes no difference', () => {
  const one = normalise("DELETE c FROM client_cart c WHERE (client_id = 'a' AND product_id IN ('x'))");
  const two = normalise(
    "DELETE c FROM client_cart c WHERE (client_id = 'a' AND product_id IN ('x')) OR (client_id = 'b' AND product_id IN ('x', 'y'))",
  );
  expect(two).toBe(one);
  expect(normalise("CASE account_id WHEN 'a' THEN 1 WHEN 'b' THEN 2 END")).toBe(
    normalise("CASE account_id WHEN 'a' THEN 1 END"),
  );
});

test('different statements stay different', () => {
  expect(normalise('SELECT a FROM t WHERE a = 1')).not.toBe(normalise('SELECT a FROM t WHERE b = 1'));
});
