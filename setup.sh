#!/usr/bin/env bash
# Installs, builds and starts Souk, and looks after it. See ./setup.sh --help.
set -euo pipefail
cd "$(dirname "$0")"

node_oldest=20
mode=${SOUK_MODE:-native}
arguments=()
for argument in "$@"; do
  case "$argument" in
    --native) mode=native ;;
    *) arguments+=("$argument") ;;
  esac
done

fail() {
  echo "$1" >&2
  exit 1
}

command -v node >/dev/null || fail "Souk needs Node.js $node_oldest or newer, and there is none: see https://nodejs.org/en/download"
node_found=$(node -p 'process.versions.node')
[ "${node_found%%.*}" -ge "$node_oldest" ] || fail "Souk needs Node.js $node_oldest or newer; this is $node_found ($(command -v node))."
command -v npm >/dev/null || fail 'Souk needs npm, which comes with Node.js; it is not in the PATH.'

# Each mode is a program with the same commands.
case "$mode" in
  native) exec node deploy/native/souk.mjs ${arguments[@]+"${arguments[@]}"} ;;
  *) fail "There is no mode \"$mode\"; there is: native." ;;
esac
