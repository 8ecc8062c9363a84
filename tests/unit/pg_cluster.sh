#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pg_cluster.sh COMMAND...: runs COMMAND beside a private PostgreSQL of its own, and passes on its exit status.
#
# The cluster listens on a unix socket in a folder made for it, and is stopped and deleted however COMMAND ends. COMMAND finds
#   MUSTER_TEST_DATABASE_URL      a superuser's connection URL
#   MUSTER_TEST_DATABASE_CONTROL  a program: `start`, `stop` (fast) or `crash` (immediate) the server
# fsync is off: nothing here outlives COMMAND.
set -euo pipefail

die() {
  printf 'pg_cluster.sh: %s\n' "$*" >&2
  exit 1
}
[ $# -gt 0 ] || die 'usage: pg_cluster.sh COMMAND...'

# Where there is no pg_config, the folders that Debian uses are enough; that none has initdb is told below.
find_postgresql() {
  local directory
  for directory in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn) "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -x "$directory/initdb" ]; then
      printf '%s\n' "$directory"
      return
    fi
  done
  die 'PostgreSQL (initdb) is not installed; run cmd/dev/packages.sh test'
}

# PostgreSQL refuses to be root.
as_server=()
if [ "$(id -u)" -eq 0 ]; then
  user=nobody
  ! id -u postgres >/dev/null 2>&1 || user=postgres
  as_server=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --)
fi

bin=$(find_postgresql)
folder=$(mktemp -d "${TMPDIR:-/tmp}/muster-pg.XXXXXX") # short: a socket's path holds at most 107 bytes
[ ${#folder} -le 80 ] || die "the path $folder is too long for a socket: set TMPDIR to a shorter one"

child=
finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM HUP # one clean-up, whole
  [ -z "$child" ] || kill "$child" 2>/dev/null || true # it may have ended by itself
  "$folder/control" crash >/dev/null 2>&1 || true # already stopped, or never started
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

cat >"$folder/control" <<CONTROL
#!/bin/sh
set -eu
cd /
server() { ${as_server[*]} "$bin/pg_ctl" -D "$folder/data" -s -w -t 60 "\$@"; }
case \$1 in
start) server start -l "$folder/log" ;;
stop) server stop -m fast ;;
crash) server stop -m immediate ;;
*) exit 2 ;;
esac
CONTROL
chmod 0755 "$folder/control"
[ ${#as_server[@]} -eq 0 ] || chown "$user" "$folder"

(cd / && "${as_server[@]}" "$bin/initdb" -D "$folder/data" -U owner --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync) \
  >/dev/null || die 'initdb failed'
"${as_server[@]}" tee -a "$folder/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = off
max_connections = 60
shared_buffers = 32MB
max_prepared_transactions = 0
CONF
"$folder/control" start || {
  cat "$folder/log" >&2
  die 'the server did not start'
}

export MUSTER_TEST_DATABASE_URL="postgresql://owner@/postgres?host=${folder//\//%2F}"
export MUSTER_TEST_DATABASE_CONTROL="$folder/control"
# in the background and waited for, so that a signal to us is acted on at once
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
