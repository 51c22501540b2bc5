import { startChild, type Child } from './child';

/** Starts a load generator that runs until `use` returns or throws. */
export async function withLoadGenerator<Result>(use: (loadGenerator: Child) => Promise<Result>): Promise<Result> {
  const loadGenerator = startChild('load/main.ts');
  try {
    await loadGenerator.next();
    return await use(loadGenerator);
  } finally {
    loadGenerator.stop();
  }
}
