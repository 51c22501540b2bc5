/** How long a new server of a test may take to start, for its `beforeAll` too; the first start on a busy machine is slow. */
export const ENGINE_START_TIMEOUT_MS = 120_000;
