import { exactNumber } from '@souk/contracts';
import { formatAmount } from '@souk/money';
import fc from 'fast-check';
import type { LosslessNumber } from 'lossless-json';
import { isLosslessNumber, parse } from 'lossless-json';
import { exactJson, JsonText, textOf } from './json-text';

const minorUnits = fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n });

test('every amount is written as a JSON number with two decimals and reads back to the cent', () => {
  fc.assert(
    fc.property(minorUnits, (minor) => {
      const { text } = exactJson({ balance: exactNumber(minor), amount: formatAmount(minor) });
      expect(text).toBe(`{"balance":${formatAmount(minor)},"amount":"${formatAmount(minor)}"}`);
      const { balance } = parse(text) as { balance: LosslessNumber };
      expect([isLosslessNumber(balance), balance.value]).toEqual([true, formatAmount(minor)]);
    }),
  );
});

test.each([
  [5000n, '50.00'],
  [0n, '0.00'],
  [-5n, '-0.05'],
  [999999999999999999n, '9999999999999999.99'],
  [8999999999999999991n, '89999999999999999.91'],
])('%s cents are written as %s', (minor, text) => {
  expect(exactJson({ balance: exactNumber(minor) }).text).toBe(`{"balance":${text}}`);
});

test('everything else is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
      expect(exactJson(value).text).toBe(JSON.stringify(value));
    }),
  );
  const value = { left: undefined, at: new Date(0), list: [undefined, null], text: '\u2028"\ud800' };
  expect(exactJson(value).text).toBe(JSON.stringify(value));
});

test('text that is already JSON is sent as is', () => {
  expect(textOf(new JsonText('{"a":1.00}'))).toBe('{"a":1.00}');
  expect(textOf({ a: 1 })).toBe('{"a":1}');
});
