/** Scenarios that are compared with a floor. */
export const FLOOR_SCENARIO_NAMES = ['adds', 'checkouts', 'deposits'] as const;
export type FloorScenarioName = (typeof FLOOR_SCENARIO_NAMES)[number];

/** Scenarios whose cases repeat operations for some time. */
export const REPEATED_SCENARIO_NAMES = [...FLOOR_SCENARIO_NAMES, 'transfers'] as const;
export type RepeatedScenarioName = (typeof REPEATED_SCENARIO_NAMES)[number];

export const SCENARIO_NAMES = [...REPEATED_SCENARIO_NAMES, 'flash-sale'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
