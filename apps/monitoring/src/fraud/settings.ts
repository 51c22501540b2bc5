import { z } from 'zod';
import type { ActiveRule, Rule } from './rule';
import { RULES } from './rules';

/** An invalid setting, in the shape of a zod issue. */
interface SettingIssue {
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
      const { active, issues } = readRules(text);
      for (const { path, message } of issues) context.issues.push({ code: 'custom', path, message, input: text });
      return active;
    })
    .describe(
      'Changes to the default rules of fraud detection, as JSON: {"velocity": {"count_max": 20}, "structuring": false}',
    ),
};

/** Reads the configured rules. A rule that isn't named has its default settings. */
function readRules(text: string): { active: ActiveRule[]; issues: SettingIssue[] } {
  const configured = parseJson(text);
  if (!isObject(configured)) return { active: [], issues: [{ path: [], message: 'must be a JSON object of rules' }] };
  const ruleNames = RULES.map(({ name }) => name);
  const unknownNames = Object.keys(configured).filter((name) => !ruleNames.includes(name));
  const message = `is not a rule; the rules are ${ruleNames.join(', ')}`;
  const issues: SettingIssue[] = unknownNames.map((name) => ({ path: [name], message }));
  const active: ActiveRule[] = [];
  for (const rule of RULES) {
    const settings = Object.hasOwn(configured, rule.name) ? configured[rule.name] : {};
    if (settings === false) continue;
    const read = readRule(rule, settings);
    if ('active' in read) active.push(read.active);
    else issues.push(...read.issues);
  }
  return { active, issues };
}

function readRule(rule: Rule, settings: unknown): { active: ActiveRule } | { issues: SettingIssue[] } {
  if (!isObject(settings))
    return { issues: [{ path: [rule.name], message: 'must be an object of settings, or false' }] };
  const parsed = rule.settings.safeParse(settings);
  if (parsed.success) return { active: { rule, settings: parsed.data } };
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path: [rule.name, ...path], message })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
