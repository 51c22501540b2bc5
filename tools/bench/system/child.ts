import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../souk/machine/paths';

/** A program in `tools/bench` that runs in a process of its own and answers messages, one at a time. */
export interface Child {
  pid: number;
  /** @throws Error if the process ends without an answer */
  next<Answer>(): Promise<Answer>;
  ask<Answer>(message: object): Promise<Answer>;
  stop(): void;
}

export function startChild(program: string, args: readonly string[] = [], env: Record<string, string> = {}): Child {
  const path = join('tools/bench', program);
  const child = fork(join(ROOT, 'tools/run.mjs'), [path, ...args], { cwd: ROOT, env: { ...process.env, ...env } });
  const next = <Answer>() => nextMessage<Answer>(child, [program, ...args].join(' '));
  return {
    pid: child.pid!,
    next,
    ask: <Answer>(message: object) => {
      const answer = next<Answer>();
      child.send(message);
      return answer;
    },
    stop: () => void child.kill(),
  };
}

function nextMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      child.off('exit', onExit);
      resolve(message as Message);
    };
    const onExit = () => {
      child.off('message', onMessage);
      reject(new Error(`${name} exited without answering; any error is above`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}
