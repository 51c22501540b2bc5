#!/usr/bin/env bash
# Installs, builds, starts and manages Souk. See ./setup.sh --help.
set -euo pipefail
cd "$(dirname "$0")"

node_oldest=20
node_recommended=24
mode=${SOUK_MODE:-}
arguments=()
for argument in "$@"; do
  case "$argument" in
    --native) mode=native ;;
    --docker) mode=docker ;;
    --help | -h) exec cat tools/souk/help.txt ;;
    *) arguments+=("$argument") ;;
  esac
done

fail() {
  echo "$1" >&2
  exit 1
}

has_docker() {
  docker version >/dev/null 2>&1 && { docker compose version || docker-compose version; } >/dev/null 2>&1
}

command -v node >/dev/null || fail "Souk needs Node.js $node_oldest or newer, which is not installed: see https://nodejs.org/en/download"
node_version=$(node -p 'process.versions.node')
[ "${node_version%%.*}" -ge "$node_oldest" ] || fail "Souk needs Node.js $node_oldest or newer; this is Node.js $node_version ($(command -v node))."
command -v npm >/dev/null || fail 'Souk needs npm, which comes with Node.js, but it is not in the PATH.'

# By default, Souk runs as it was last brought up; the first time, it runs in containers if a Docker engine is available.
is_chosen=${mode:+yes}
[ -n "$mode" ] || mode=$(cat .souk/mode 2>/dev/null || true)
[ -n "$mode" ] || mode=$(has_docker && echo docker || echo native)

if [ "$mode" = native ] && [ "${arguments[0]:-up}" = up ] && [ "${node_version%%.*}" -lt "$node_recommended" ]; then
  echo "This is Node.js $node_version. Node.js $node_recommended is recommended: checkouts are about a fifth faster on it." >&2
fi

case "$mode" in
  native | docker) ;;
  *) fail "There is no mode \"$mode\"; the modes are docker and native." ;;
esac

tools/install-packages
status=0
node tools/souk.mjs "--$mode" ${arguments[@]+"${arguments[@]}"} || status=$?
# Exit code 3: the images can't be pulled.
if [ "$status" = 3 ] && [ -z "$is_chosen" ] && [ "$mode" = docker ]; then
  echo 'Continuing without containers. To use only containers: ./setup.sh --docker' >&2
  mode=native status=0
  node tools/souk.mjs --native ${arguments[@]+"${arguments[@]}"} || status=$?
fi
# The mode of a private system (`--home`) is not that of the main one.
case "${arguments[0]:-up} ${arguments[*]:-}" in
  *--home*) ;;
  up* | -*) if [ -d .souk ]; then echo "$mode" >.souk/mode; fi ;;
esac
exit "$status"
