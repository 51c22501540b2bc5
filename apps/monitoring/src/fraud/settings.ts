import { z } from 'zod';
import type { ActiveRule, Rule } from './rule';
import { RULES } from './rules';

/** A fault in the shape of a zod issue. */
interface Fault {
  path: PropertyKey[];
  message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings of fraud detection. */
export const fraudSettings = {
  FRAUD_RULES: z
    .string()
    .default('{}')
    .transform((text, context): readonly ActiveRule[] => {
      const { active, faults } = readRules(text);
      for (const { path, message } of faults) context.issues.push({ code: 'custom', path, message, input: text });
      return active;
    })
    .describe(
      'Changes to the default rules of fraud detection, as JSON: {"velocity": {"count_max": 20}, "structuring": false}',
    ),
};

/** Reads the configured rules; a rule that isn't named has its defaults. */
function readRules(text: string): { active: ActiveRule[]; faults: Fault[] } {
  const configured = parseJson(text);
  if (!isObject(configured)) return { active: [], faults: [{ path: [], message: 'must be a JSON object of rules' }] };
  const ruleNames = RULES.map(({ name }) => name);
  const unknownNames = Object.keys(configured).filter((name) => !ruleNames.includes(name));
  const message = `is not a rule; the rules are ${ruleNames.join(', ')}`;
  const faults: Fault[] = unknownNames.map((name) => ({ path: [name], message }));
  const active: ActiveRule[] = [];
  for (const rule of RULES) {
    const settings = Object.hasOwn(configured, rule.name) ? configured[rule.name] : {};
    if (settings === false) continue;
    const read = readRule(rule, settings);
    if ('active' in read) active.push(read.active);
    else faults.push(...read.faults);
  }
  return { active, faults };
}

function readRule(rule: Rule, settings: unknown): { active: ActiveRule } | { faults: Fault[] } {
  if (!isObject(settings))
    return { faults: [{ path: [rule.name], message: 'must be an object of settings, or false' }] };
  const parsed = rule.settings.safeParse(settings);
  if (parsed.success) return { active: { rule, settings: parsed.data } };
  return { faults: parsed.error.issues.map(({ path, message }) => ({ path: [rule.name, ...path], message })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
