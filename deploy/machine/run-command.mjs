// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/**
 * Runs a command to completion.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, owner?: { uid: number, gid: number }, logFile?: string,
 *   timeoutMs?: number, isInteractive?: boolean }} [options] with a log file the output goes there and is not returned;
 *   an interactive command uses the user's terminal
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} code -1: it couldn't be started, or a signal ended it
 */
export function runCommand(command, args, options = {}) {
  const log = options.logFile ? openSync(options.logFile, 'a') : undefined;
  const output = log ?? (options.isInteractive ? 'inherit' : 'pipe');
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(command, args, {
      stdio: [options.isInteractive ? 'inherit' : 'ignore', output, output],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
      ...options.owner,
    });
    if (log !== undefined) closeSync(log);
    child.stdout?.on('data', (chunk) => (stdout += chunk));
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => resolve({ code: -1, stdout, stderr: stderr + error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
