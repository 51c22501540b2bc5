import { loadConfig } from '@souk/service';
import { z } from 'zod';
import { RULES } from './rules';
import { fraudSettings } from './settings';

const schema = z.object(fraudSettings);
const load = (text?: string) => loadConfig(schema, { FRAUD_RULES: text }).FRAUD_RULES;
const settingsOf = (name: string, text?: string) => load(text).find(({ rule }) => rule.name === name)?.settings;

test('every rule is on with its default settings if nothing is configured', () => {
  for (const text of [undefined, '', '{}']) {
    expect(load(text).map(({ rule }) => rule)).toEqual(RULES);
    expect(settingsOf('velocity', text)).toEqual({ count_max: 10, within_seconds: 60 });
    expect(settingsOf('structuring', text)).toMatchObject({ limit: 1_000_00n });
  }
});

test('a rule uses the configured settings and its defaults for the rest; other rules are unaffected', () => {
  const text = '{"unusual-amount": {"amount_min": "12.5", "times": 10}}';
  expect(settingsOf('unusual-amount', text)).toMatchObject({ amount_min: 12_50n, times: 10, history: 20 });
  expect(settingsOf('velocity', text)).toEqual(settingsOf('velocity'));
});

test('false switches a rule off', () => {
  const names = load('{"velocity": false, "pass-through": false}').map(({ rule }) => rule.name);
  expect(names).toEqual(['unusual-amount', 'repeated-refusals', 'structuring']);
});

test.each([
  ['{"velocity"', /FRAUD_RULES: must be a JSON object of rules/],
  ['[]', /FRAUD_RULES: must be a JSON object of rules/],
  ['null', /FRAUD_RULES: must be a JSON object of rules/],
  ['{"speed": {}}', /FRAUD_RULES\.speed: is not a rule; the rules are velocity, /],
  ['{"constructor": {}}', /FRAUD_RULES\.constructor: is not a rule/],
  ['{"velocity": true}', /FRAUD_RULES\.velocity: must be an object of settings, or false/],
  ['{"velocity": null}', /FRAUD_RULES\.velocity: must be an object of settings, or false/],
  ['{"velocity": {"max": 1}}', /FRAUD_RULES\.velocity: .*max/],
  ['{"velocity": {"count_max": "3"}}', /FRAUD_RULES\.velocity\.count_max: /],
  ['{"velocity": {"count_max": 50}}', /FRAUD_RULES\.velocity\.count_max: /],
  ['{"velocity": {"within_seconds": 0.5}}', /FRAUD_RULES\.velocity\.within_seconds: /],
  ['{"structuring": {"limit": 1000}}', /FRAUD_RULES\.structuring\.limit: must be an amount in quotes/],
  ['{"structuring": {"limit": "1e3"}}', /FRAUD_RULES\.structuring\.limit: must be an amount such as "1000\.00"/],
])('%s is reported with its location', (text, message) => {
  expect(() => load(text)).toThrow(message);
});

test('all errors are reported at once', () => {
  const text = '{"speed": 1, "velocity": {"count_max": 0, "within_seconds": 0}, "structuring": {"limit": ""}}';
  expect(() => load(text)).toThrow(/4 invalid settings/);
});
