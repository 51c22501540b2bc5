/** How to react to an error of the engine. None of these means that the statement or its data is wrong. */
export type ErrorAction =
  /** The connection leads to no server, or to one that can't do the work: destroy it and try another. */
  | 'reconnect'
  /** The engine aborted the transaction because of a conflict: run it again. */
  | 'rerun'
  /** The server can't do the work right now: report it and keep the connection. */
  | 'wait';

interface EngineError {
  action: ErrorAction;
  /** If COMMIT returns this error, the transaction was rolled back. After any other error the outcome is unknown. */
  isRolledBack: boolean;
}

type ErrorEntry = [errno: number, reason: string];

/**
 * From the error lists of MySQL 8.4 and 9.7, and MariaDB 10.11 and 11.8. If both engines use a number, it has the same meaning in
 * both, or one of them never sends it for Souk's statements.
 */
const RECONNECT: ErrorEntry[] = [
  [1036, 'a table is read-only: innodb_read_only, or forced recovery'],
  [1047, 'Galera: the node is not in the primary component, or not ready yet'],
  [1053, 'the server is shutting down'],
  [1152, 'the server aborted the connection'],
  [1154, 'the server could not read from the connection'],
  [1155, 'the server could not use the connection'],
  [1156, 'packets arrived out of order: the rest is unreadable'],
  [1157, 'a packet could not be uncompressed: the rest is unreadable'],
  [1158, 'the server could not read from the connection'],
  [1159, 'the server waited too long for the client'],
  [1160, 'the server could not write to the connection'],
  [1161, 'the server waited too long to write to the connection'],
  [1184, 'the server aborted a new connection'],
  [1290, '--read-only or --super-read-only: a replica, or a demoted primary'],
  [1792, 'transactions are read-only by the default of the server'],
  [1836, 'the server runs in read-only mode'],
  [1874, 'InnoDB runs in read-only mode'],
  [1881, 'InnoDB runs in forced recovery'],
  [1927, 'MariaDB: the connection was killed'],
  [2002, 'a proxy: no connection to its server'],
  [2003, 'a proxy: no connection to its server'],
  [2006, 'a proxy: its server has gone away'],
  [2012, 'a proxy: the handshake with its server failed'],
  [2013, 'a proxy: lost its server during the statement'],
  [2055, 'a proxy: lost its server'],
  [3032, 'the server is in offline mode'],
  [3100, 'Group Replication: the member is in ERROR, or without a majority'],
  [3168, "the server isn't available"],
  [3169, 'MySQL: the session was killed'],
  [3781, 'Group Replication: waited too long for a new primary to catch up'],
  [3782, 'Group Replication: killed while a new primary catches up'],
  [3783, 'Group Replication: the member left while a new primary catches up'],
  [3796, "Group Replication: the member's state doesn't allow the consistency level"],
  [3797, 'Group Replication: the consistency level was not reached before the transaction'],
  [3798, "Group Replication: the member's state doesn't allow a transaction to begin"],
  [3989, 'the schema is read-only: it is being moved'],
  [4031, 'MySQL: the connection was closed after too long without a statement'],
  [4081, 'MySQL: the connection was closed because all connections together use too much memory'],
  [4082, 'MySQL: the connection was closed because it uses too much memory'],
  [9001, 'ProxySQL: no server of the host group could be reached'],
];

const RERUN: ErrorEntry[] = [
  [1020, 'MariaDB: the row changed since the snapshot (innodb_snapshot_isolation)'],
  [1205, 'waited too long for a lock'],
  [1213, 'deadlock; Galera: certification failed'],
  [1412, 'the table was altered since the snapshot, as a migration does'],
  [1689, 'the wait for a lock was aborted for an exclusive one'],
  [3101, 'Group Replication: certification failed'],
];

const WAIT: ErrorEntry[] = [
  [3, 'a file of the server could not be written: its disk is full'],
  [5, 'the server is out of memory'],
  [20, "the server's disk is full"],
  [1021, "the server's disk is full"],
  [1026, 'a file of the server could not be written'],
  [1028, 'a sort was aborted, by KILL or a shutdown'],
  [1030, 'the storage engine failed, as with a full disk'],
  [1037, 'the server is out of memory'],
  [1038, 'the server is out of memory for sorting'],
  [1040, 'too many connections'],
  [1041, 'the server is out of memory'],
  [1044, "the user may not use the schema: an operator's change"],
  [1045, "the user may not connect: an operator's change"],
  [1049, 'the schema does not exist yet'],
  [1114, 'the table is full, as with a full disk'],
  [1129, 'this host is blocked after failed connections'],
  [1130, 'this host may not connect'],
  [1135, 'the server cannot create a thread'],
  [1142, "the user may not do this to the table: an operator's change"],
  [1143, "the user may not do this to the column: an operator's change"],
  [1180, 'the commit failed inside the engine'],
  [1203, 'too many connections of this user'],
  [1206, 'no memory for more locks'],
  [1226, 'the user has used up a limit'],
  [1317, 'the statement was interrupted, by KILL or a shutdown'],
  [1637, 'too many transactions at once'],
  [1969, 'MariaDB: max_statement_time exceeded'],
  [1998, 'MariaDB: the engine is out of memory'],
  [3015, 'MySQL: the engine is out of memory'],
  [3019, 'the undo log is full'],
  [3024, 'MySQL: max_execution_time exceeded'],
  [3675, "the server's disk is full"],
];

/** Errors of COMMIT that prove that the transaction was rolled back. */
const ROLLED_BACK = new Set([
  1213, // certification comes before the commit
  1290, // the server refuses to commit changes and rolls back
  1836, // likewise
  3100, // the hook runs before the commit; when it fails, the server rolls back
  3101, // the plugin told the server to roll back
]);

const entriesByAction: [ErrorAction, ErrorEntry[]][] = [
  ['reconnect', RECONNECT],
  ['rerun', RERUN],
  ['wait', WAIT],
];

const ENGINE_ERRORS: ReadonlyMap<number, EngineError> = new Map(
  entriesByAction.flatMap(([action, entries]) =>
    entries.map(([errno]): [number, EngineError] => [errno, { action, isRolledBack: ROLLED_BACK.has(errno) }]),
  ),
);

/** @returns undefined if the error is in the statement or its data */
export function engineErrorOf(errno: number): EngineError | undefined {
  return ENGINE_ERRORS.get(errno);
}
