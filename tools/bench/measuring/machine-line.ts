import type { Machine } from './machine';

/** The date of a run, the machine, and the versions of Node.js and the engines. */
export function renderMachine(date: string, { cpu, cores, memoryGiB, versions }: Machine): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGiB} GiB; ${names.join(', ')}`;
}
