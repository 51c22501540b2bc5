/* The load generator: reports that it is ready, then runs each load that its parent sends, and returns the result. */
import { runClosedLoop } from './closed-loop';
import type { Load } from './load';
import { runOpenLoop } from './open-loop';

process.on('disconnect', () => process.exit());
process.on('message', (load: Load) => {
  const run = load.rate === undefined ? runClosedLoop(load) : runOpenLoop(load);
  void run.then((result) => process.send?.(result));
});
process.send?.({});
