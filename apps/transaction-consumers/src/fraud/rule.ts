import type { z } from 'zod';
import { windowAt, type EventKind, type FraudWindow, type WatchedEvent } from './window';

/** What a rule found. */
export interface Finding {
  /** For people. */
  reason: string;
  /** Oldest first; the last is the present event. */
  evidence: readonly WatchedEvent[];
}

/**
 * What all rules have among their settings. `within_seconds` is how far back the evidence reaches, and how long a rule must have
 * found nothing before it raises an alert.
 */
type SettingsSchema = z.ZodObject & z.ZodType<{ within_seconds: number }>;

/** A rule, declared once: detection, the setting FRAUD_RULES and its documentation come from it. */
export interface Rule<Schema extends SettingsSchema = SettingsSchema> {
  /** Stands in alerts and in FRAUD_RULES; never changes, for ids of alerts follow from it. */
  name: string;
  /** One sentence. */
  description: string;
  /** The kind of event at which it looks. */
  at: EventKind;
  /** All with defaults. */
  settings: Schema;
  /**
   * Pure. Whether an alert follows from a finding is not its concern: see `raisedAt`.
   * @param present the last event of kind `at` in `window`
   */
  detect(window: FraudWindow, present: WatchedEvent, settings: z.output<Schema>): Finding | undefined;
}

export function declareRule<Schema extends SettingsSchema>(rule: Rule<Schema>): Rule<Schema> {
  return rule;
}

/** A rule that is on, with its settings. */
export interface ActiveRule {
  rule: Rule;
  settings: z.output<SettingsSchema>;
}

/**
 * Whether an alert is raised at the last event of a window: the rule finds something, and found nothing at any event within its
 * time before. So a burst raises one alert however long it goes on, and what is raised follows from the events alone.
 */
export function raisedAt({ rule, settings }: ActiveRule, window: FraudWindow): Finding | undefined {
  const events = window[rule.at];
  const present = events.at(-1)!;
  const finding = rule.detect(window, present, settings);
  if (!finding) return undefined;
  const since = present.at.getTime() - settings.within_seconds * 1_000;
  for (const earlier of events.slice(0, -1).reverse()) {
    if (earlier.at.getTime() < since) break;
    if (rule.detect(windowAt(window, earlier), earlier, settings)) return undefined;
  }
  return finding;
}
