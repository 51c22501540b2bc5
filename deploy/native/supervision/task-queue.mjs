// @ts-check

/** Runs one task after another: changes to the running processes must not overlap. */
export function makeQueue() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  /** @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
