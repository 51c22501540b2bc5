/** Time limit for starting a test's own server, and for its `beforeAll`. The first start on a busy machine is slow. */
export const ENGINE_START_TIMEOUT_MS = 120_000;
