import type { z } from 'zod';
import { windowAt, type EventKind, type FraudWindow, type WatchedEvent } from './window';

/** The reason and the evidence for an alert. */
export interface Finding {
  /** Human-readable text. */
  reason: string;
  /** Oldest first; the last is the current event. */
  evidence: readonly WatchedEvent[];
}

/**
 * The setting that all rules have: `within_seconds` is how far back the evidence reaches, and for how long a rule must have
 * found nothing before it raises an alert.
 */
type SettingsSchema = z.ZodObject & z.ZodType<{ within_seconds: number }>;

/** A rule, declared once: detection, the setting FRAUD_RULES and its documentation are derived from it. */
export interface Rule<Schema extends SettingsSchema = SettingsSchema> {
  /** Used in alerts and in FRAUD_RULES. It must never change, because alert ids are derived from it. */
  name: string;
  /** One sentence. */
  description: string;
  /** The kind of event on which the rule is evaluated. */
  trigger: EventKind;
  /** Every setting has a default. */
  settings: Schema;
  /**
   * Pure. `findingToRaise` decides whether a finding raises an alert.
   * @param current the last event of kind `trigger` in `window`
   */
  detect(window: FraudWindow, current: WatchedEvent, settings: z.output<Schema>): Finding | undefined;
}

export function declareRule<Schema extends SettingsSchema>(rule: Rule<Schema>): Rule<Schema> {
  return rule;
}

/** An enabled rule with its settings. */
export interface ActiveRule {
  rule: Rule;
  settings: z.output<SettingsSchema>;
}

/**
 * Decides whether the last event of a window raises an alert: the rule must find something there, and nothing at any event in the
 * `within_seconds` before. So a burst raises one alert, however long it lasts, and alerts depend on the events alone.
 */
export function findingToRaise({ rule, settings }: ActiveRule, window: FraudWindow): Finding | undefined {
  const events = window[rule.trigger];
  const current = events.at(-1)!;
  const finding = rule.detect(window, current, settings);
  if (!finding) return undefined;
  const sinceMs = current.atMs - settings.within_seconds * 1_000;
  for (const earlier of events.slice(0, -1).reverse()) {
    if (earlier.atMs < sinceMs) break;
    if (rule.detect(windowAt(window, earlier), earlier, settings)) return undefined;
  }
  return finding;
}
