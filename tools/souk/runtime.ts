import type { CommandResult } from './machine/run-command';
import type { ScaleBounds } from './settings/scale';
import type { Settings } from './settings/settings';

/** The state of a process or container. */
export interface ProcessStatus {
  name: string;
  pid: number | undefined;
  port: number | undefined;
  state: string;
  isHealthy: boolean;
  /** Why it isn't healthy; empty if it is. */
  detail: string;
  restarts: number;
  /** How it last exited; empty if it never has. */
  lastExit: string;
}

export interface SystemStatus {
  processes: ProcessStatus[];
}

export interface UpOptions {
  /** Choose free ports instead of those in the settings. */
  withFreePorts: boolean;
  /** Encrypt the connections between the services and to the engines, from now on. Only in containers. */
  withTls: boolean;
  /** Settings to write into the home's settings file. */
  overrides: Record<string, string>;
  /** The pid of a process: when it has ended, the system is stopped and removed. */
  parent: number | undefined;
}

/** Where a user finds the data and the logs of a running system. */
export interface Whereabouts {
  /** The command that opens the database. */
  mysql: string;
  /** The folder of the logs, if they are files. */
  logs?: string;
}

/**
 * How the system of one home runs: as processes of this machine, or in containers. The caller holds the home's lock while a method
 * changes something.
 */
export interface Runtime {
  readonly scaleBounds: ScaleBounds;
  readonly isInContainers: boolean;
  /** Starts what isn't running, replaces what has changed, and waits until everything is healthy. */
  up(options: UpOptions): Promise<Settings>;
  /** Does the same for only the engines, on free ports. */
  upEngines(options: UpOptions): Promise<Settings>;
  /** @returns undefined if nothing is running */
  status(): Promise<SystemStatus | undefined>;
  /** @param app default: every process */
  waitUntilHealthy(app?: string): Promise<void>;
  /** Sets the number of replicas of an app, now and for later starts. Running processes aren't replaced. */
  scale(app: string, count: number): Promise<void>;
  restart(name: string): Promise<void>;
  /** @returns whether anything was running */
  stop(): Promise<boolean>;
  /** Stops everything and removes all data. A private home is removed as a whole. */
  remove(): Promise<void>;
  build(): Promise<void>;
  /** Replaces all certificates of a running system with TLS, without restarting anything. */
  renewCertificates?(): Promise<void>;
  showLogs(name: string | undefined, options: { isFollowed: boolean }): Promise<void>;
  /**
   * Rebuilds and restarts apps as their sources change, and follows their logs, until the user interrupts. In containers there is no
   * such thing.
   */
  develop?(): Promise<void>;
  /** Runs a statement as the database's administrator. Prints rows as lines, with columns separated by tabs. */
  queryMysql(sql: string): Promise<CommandResult>;
  readRedisSetting(name: string): Promise<string | undefined>;
  /** Sends the dead letters of a queue back to it. @returns the exit code of the app that consumes the queue */
  redrive(queue: string): Promise<number>;
  /** Makes a consumer discard what it derived from the wallet's events and apply them again. @returns its exit code */
  rebuild(consumer: string): Promise<number>;
  /** Creates, lists, rotates or revokes API keys. */
  keys(args: readonly string[], options?: { isInteractive: boolean }): Promise<CommandResult>;
  /** @returns the auditor's exit code; -1 if it couldn't be started */
  audit(options: { isJson: boolean }): Promise<number>;
  /** Runs in a process of its own, for as long as the system is running. */
  supervise(options: { parent: number | undefined; withApps: boolean }): Promise<void>;
  whereabouts(): Whereabouts;
}
