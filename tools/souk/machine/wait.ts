import { processMark } from '@souk/process';

const PROCESS_CHECK_MS = 1000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when a process has ended. @param isDone stops waiting when it returns true */
export async function untilProcessEnds(pid: number, isDone: () => boolean = () => false): Promise<void> {
  const mark = processMark(pid);
  while (mark !== undefined && processMark(pid) === mark && !isDone()) await pause(PROCESS_CHECK_MS);
}
