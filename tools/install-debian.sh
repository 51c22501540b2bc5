#!/usr/bin/env bash
# Installs packages with apt, as root, without starting their services: Souk runs its own instances.
# Usage: install-debian.sh PACKAGE...
set -euo pipefail
# Files that apt and the packages write must be readable by other users.
umask 022

policy=/usr/sbin/policy-rc.d
saved=
restore() {
  if [ -n "$saved" ]; then mv -f "$saved" "$policy"; else rm -f "$policy"; fi
}

# Container images already have a policy that forbids starting services; it is left alone.
if ! { [ -x "$policy" ] && status=0 && { "$policy" souk start >/dev/null 2>&1 || status=$?; } && [ "$status" = 101 ]; }; then
  if [ -e "$policy" ]; then
    saved="$policy.before-souk"
    mv "$policy" "$saved"
  fi
  trap restore EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
wait_for_lock='-oDPkg::Lock::Timeout=300'
apt-get "$wait_for_lock" update
apt-get "$wait_for_lock" install -y --no-install-recommends "$@"

# The services must not start at boot either.
if [ -d /run/systemd/system ]; then
  for service in mariadb rabbitmq-server redis-server; do
    case " $* " in
      *" ${service%-server}"*) systemctl disable --quiet "$service" || true ;;
    esac
  done
fi
