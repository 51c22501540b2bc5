import { measureThroughput, type Bench } from '../measuring/measure-side';
import type { Throughput } from '../report/results';
import type { PrivateSystem } from '../system/private-system';
import { soukSide } from '../system/sides';
import type { GrowthCase } from './growth-cases';

const CONNECTIONS = 64;

export const measureCase = (
  bench: Bench,
  system: PrivateSystem,
  { api, operations, hasKeys }: GrowthCase,
  seconds: number,
): Promise<Throughput> =>
  measureThroughput(bench, soukSide(system, api), {
    ...{ connections: CONNECTIONS, operations, seconds, rate: undefined },
    ...(hasKeys && { hasKeys }),
  });
