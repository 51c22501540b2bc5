import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports times of processes in hundredths of a second on every platform that Node.js supports. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  parent: number;
  seconds: number;
}

/** @param stat the content of `/proc/<pid>/stat`; the name in parentheses may contain spaces and parentheses */
export function parseStat(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
}

/**
 * @param pids the processes by name
 * @returns the CPU-seconds that each has used so far, including the processes that it started and that still run; empty on
 *   systems without `/proc`
 */
export function readCpuSeconds(pids: Readonly<Record<string, number>>): Record<string, number> {
  const processes = readProcesses();
  const secondsOfTree = (pid: number): number => {
    const children = [...processes].filter(([, { parent }]) => parent === pid);
    return (processes.get(pid)?.seconds ?? 0) + children.reduce((sum, [child]) => sum + secondsOfTree(child), 0);
  };
  if (processes.size === 0) return {};
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, secondsOfTree(pid)]));
}

function readProcesses(): Map<number, ProcessTimes> {
  const processes = new Map<number, ProcessTimes>();
  for (const entry of listProc()) {
    try {
      processes.set(Number(entry), parseStat(readFileSync(`/proc/${entry}/stat`, 'utf8')));
    } catch {
      // It has ended since the folder was listed.
    }
  }
  return processes;
}

function listProc(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

/** @returns the CPU-seconds used in between per 1,000 operations */
export function cpuPer1000(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  operations: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, ((seconds - (before[name] ?? 0)) / operations) * 1_000]),
  );
}
