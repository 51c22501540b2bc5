import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A user that a process runs as. */
export interface Owner {
  uid: number;
  gid: number;
}

export interface CommandOptions {
  /** Default: this process's own environment. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  owner?: Owner | undefined;
  /** The file that the output is appended to. It is then not returned. */
  logFile?: string;
  timeoutMs?: number;
  /** Use the user's terminal. */
  isInteractive?: boolean;
}

export interface CommandResult {
  /** -1 if the command couldn't be started, or a signal ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to completion. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
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
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', (error) => resolve({ code: -1, stdout, stderr: stderr + error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
