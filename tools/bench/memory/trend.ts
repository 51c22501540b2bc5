import { median } from '../report/statistics';

/** One reading of one figure of one process. */
export interface Reading {
  /** Since the load started. */
  atSeconds: number;
  bytes: number;
}

export interface Trend {
  /** The median of the first fifth of the readings. */
  firstMiB: number;
  /** The median of the last fifth. */
  lastMiB: number;
  growthPercent: number;
  mibPerHour: number;
}

const MIB = 2 ** 20;
const FIFTH = 0.2;
const WARM_UP_SECONDS_MAX = 120;
const SECONDS_PER_HOUR = 3_600;

/** @returns how long memory may still grow because code is compiled and caches are filled */
export const warmUpSeconds = (totalSeconds: number): number => Math.min(WARM_UP_SECONDS_MAX, totalSeconds * FIFTH);

/** @returns NaN where there are too few readings */
export function trendOf(readings: readonly Reading[]): Trend {
  const fifth = Math.ceil(readings.length * FIFTH);
  const mib = readings.map(({ bytes }) => bytes / MIB);
  const firstMiB = median(mib.slice(0, fifth));
  const lastMiB = median(mib.slice(mib.length - fifth));
  const points = readings.map(({ atSeconds }, index) => ({ x: atSeconds / SECONDS_PER_HOUR, y: mib[index]! }));
  return { firstMiB, lastMiB, growthPercent: (lastMiB / firstMiB - 1) * 100, mibPerHour: slopeOf(points) };
}

/** @returns the slope of the line with the least squared distances; NaN unless there are two different x */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const covariance = mean(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const variance = mean(points.map(({ x }) => (x - meanX) ** 2));
  return covariance / variance;
}
