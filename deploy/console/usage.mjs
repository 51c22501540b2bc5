// @ts-check

/** What `--help` prints. */
export const USAGE = `Usage: ./setup.sh [COMMAND] [OPTIONS]

  up                 install, build and start everything, fill the shop, wait until it is healthy (the default);
                     what runs well is left alone
  status             what runs: name, pid, port, health, and what else to look into; exit code 1 unless all is healthy, no app
                     is scaled to 0, no order is stuck (5 minutes) and no dead letter waits
  logs [NAME] [-f]   the last lines of one log or of all; -f: and what comes
  restart NAME       restart one process
  scale NAME N       run N replicas of an app (0 to 4, in containers to 8); remembered; what runs keeps its build
                     (up deploys a newer one); exit code 1 if they don't become healthy
                     the consumers of the wallet's events are the app monitoring; in containers they are
                     three: monitoring-fraud-detection, monitoring-notifications and monitoring-analytics
  redrive QUEUE      send the dead letters of a queue back to it
  rebuild CONSUMER   let fraud-detection, notifications or analytics forget all and apply every event of the wallet anew
  redeliver ACCOUNT  deliver to the webhook of an account again what was given up
  audit [--json]     check every promise on the live databases; exit code 1: something is broken, 2: they can't be asked
  build              install the npm packages and build the apps, and start nothing
  stop               stop everything; the data stays
  reset [--yes]      stop everything and remove all data

Options
  --docker           run in containers (also SOUK_MODE=docker)
  --native           run on this machine, without containers (also SOUK_MODE=native)
                     Without either: what it was brought up with last; else containers where a Docker engine works
  --no-seed          up: leave the shop empty
  --json             status, audit: for programs
  --help

Settings and passwords are in .env, explained in .env.example.

For tests, as node deploy/native/souk.mjs or node deploy/containers/souk.mjs: any number of private systems beside this
one, each in a folder of its own
  up --home DIR --free-ports [--no-seed] [--env KEY=VALUE ...]    engines and built apps; see DIR/settings.json
  engines up --home DIR                                           engines alone; see DIR/engines.json
  status, logs, restart, scale, audit, stop, as above, with --home DIR
  down --home DIR                                                 stop all and remove DIR; also: engines down --home DIR
  --parent PID                                                    with up: go down by itself when that process is gone`;
