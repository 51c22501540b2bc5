export const SCENARIO_NAMES = ['adds', 'checkouts', 'deposits'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
