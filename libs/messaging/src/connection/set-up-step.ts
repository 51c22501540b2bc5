import { within } from './within';

/**
 * Waits for the broker's response to one step of setting up a connection.
 * @param stepName the step as it appears in the log, such as `declaring the queue cart-worker.jobs`
 * @throws Error naming the step if it fails or takes too long
 */
export type SetUpStep = <T>(stepName: string, response: PromiseLike<T>) => Promise<T>;

export const setUpStepWithin =
  (timeoutMs: number): SetUpStep =>
  async (stepName, response) => {
    try {
      return await within(timeoutMs, response);
    } catch (error) {
      throw new Error(`${stepName}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
