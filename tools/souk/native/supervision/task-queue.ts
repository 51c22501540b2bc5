/** Runs one task after another: changes to the running processes must not overlap. */
export function createTaskQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let lastTask: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = lastTask.then(task);
    lastTask = result.catch(() => undefined);
    return result;
  };
}
