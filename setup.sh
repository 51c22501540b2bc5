#!/usr/bin/env bash
# Installs, builds and starts Souk, and looks after it. See ./setup.sh --help.
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

command -v node >/dev/null || fail "Souk needs Node.js $node_oldest or newer, and there is none: see https://nodejs.org/en/download"
node_found=$(node -p 'process.versions.node')
[ "${node_found%%.*}" -ge "$node_oldest" ] || fail "Souk needs Node.js $node_oldest or newer; this is $node_found ($(command -v node))."
command -v npm >/dev/null || fail 'Souk needs npm, which comes with Node.js; it is not in the PATH.'

# Where nobody says how: as it was brought up last; the first time in containers, if there can be any.
is_chosen=${mode:+yes}
[ -n "$mode" ] || mode=$(cat .souk/mode 2>/dev/null || true)
[ -n "$mode" ] || mode=$(has_docker && echo docker || echo native)

if [ "$mode" = native ] && [ "${arguments[0]:-up}" = up ] && [ "${node_found%%.*}" -lt "$node_recommended" ]; then
  echo "This is Node.js $node_found. Node.js $node_recommended is recommended: adding to a cart is about a fifth faster on it." >&2
fi

# Each mode is a program with the same commands.
case "$mode" in
  native) program=deploy/native/souk.mjs ;;
  docker) program=deploy/containers/souk.mjs ;;
  *) fail "There is no mode \"$mode\"; there are: docker, native." ;;
esac

status=0
node "$program" ${arguments[@]+"${arguments[@]}"} || status=$?
if [ "$status" = 3 ] && [ -z "$is_chosen" ] && [ "$mode" = docker ]; then
  echo 'Going on without containers; ./setup.sh --docker insists on them.' >&2
  mode=native status=0
  node deploy/native/souk.mjs ${arguments[@]+"${arguments[@]}"} || status=$?
fi
case "${arguments[0]:-up}" in
  up | -*) if [ -d .souk ]; then echo "$mode" >.souk/mode; fi ;;
esac
exit "$status"
