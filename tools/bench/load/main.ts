/* The load generator: reports that it is ready, then runs each load that its parent sends, and returns the result. */
import { runClosedLoop } from './closed-loop';
import type { Load } from './load';
import { runOpenLoop } from './open-loop';
import { runWaves } from './waves';

process.on('disconnect', () => process.exit());
process.on('message', (load: Load) => {
  const run = load.isInWaves ? runWaves : load.rate === undefined ? runClosedLoop : runOpenLoop;
  void run(load).then((result) => process.send?.(result));
});
process.send?.({});
