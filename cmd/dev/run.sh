#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh: what `make run` does after the build: a private PostgreSQL, musterd with the sample crisis, and a clean stop.
#
# Everything lives under $MUSTER_STATE_DIR (default var/). The cluster listens on a unix socket only. Ctrl-C (or SIGTERM, or the
# end of the `make` above) drains musterd, then stops PostgreSQL. A second run keeps data and password.
set -euo pipefail
umask 077

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
for name in MUSTER_STATE_DIR MUSTER_PUBLIC_LISTEN MUSTER_DESK_LISTEN MUSTER_OPS_LISTEN MUSTER_DATABASE_URL MUSTER_EDGE_WORKERS; do
  [ -n "${!name:-}" ] || unset "$name" # set but empty means the default
done
state=$(realpath -m "${MUSTER_STATE_DIR:-var}")
public_listen=${MUSTER_PUBLIC_LISTEN:-127.0.0.1:8443}
desk_listen=${MUSTER_DESK_LISTEN:-127.0.0.1:9443}
ops_listen=${MUSTER_OPS_LISTEN:-127.0.0.1:9090}
build=$(realpath -m "${MUSTER_BUILD_DIR:-build}")
crisis=ner-2023
staff_user=duty.officer
service_user=muster # the unprivileged user of PostgreSQL and of musterd's roles when we are root

place=        # where the state really is: $state, or a place that service_user can reach
as_service=() # runs a command as service_user; empty when we are not root
socket_dir=
musterd_pid=
cluster_started=
stop_wanted=

step() { printf '  %s\n' "$*"; }
die() {
  printf 'make run: %s\n' "$*" >&2
  exit 1
}

# --- one at a time, in a place that works ---------------------------------------------------------------------------------

take_lock() {
  mkdir -p "$state" || die "cannot make $state; set MUSTER_STATE_DIR to a folder you may write to"
  exec 9>"$state/.lock"
  flock -n 9 || die "another \`make run\` is using $state; stop it, or set MUSTER_STATE_DIR (and the MUSTER_*_LISTEN ports)"
  rm -f "$state/run.json" # of a run that was killed
}

make_service_user() {
  [ "$(id -u)" -eq 0 ] || return 0
  if ! id -u "$service_user" >/dev/null 2>&1; then
    step "adding the system user $service_user"
    useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$service_user"
  fi
  as_service=(env -C / setpriv --reuid "$service_user" --regid "$service_user" --clear-groups --)
}

# PostgreSQL refuses to be root, and its user may be shut out by a parent folder (a clone under /root, a private temporary
# folder). Then the state is kept elsewhere, behind a link that belongs to this state folder alone.
choose_place() {
  place=$state
  [ ${#as_service[@]} -gt 0 ] || return 0
  chmod 0755 "$state"
  "${as_service[@]}" test -x "$state" && return 0
  if [ ! -d "$state/elsewhere" ]; then
    mkdir -p /var/lib/muster-run
    chmod 0755 /var/lib/muster-run
    ln -sfn "$(mktemp -d /var/lib/muster-run/state.XXXXXXXX)" "$state/elsewhere"
  fi
  place=$(realpath "$state/elsewhere")
  chmod 0755 "$place"
  step "the user $service_user cannot reach $state; its data are in $place"
}

# Binds all three at once, as the service will: finds ports in use, malformed addresses and ports we may not have.
check_ports() {
  /usr/bin/python3 - MUSTER_PUBLIC_LISTEN "$public_listen" MUSTER_DESK_LISTEN "$desk_listen" MUSTER_OPS_LISTEN "$ops_listen" \
    <<'PYTHON' || exit 1
import socket, sys

held, failed = [], False
for variable, listen in zip(sys.argv[1::2], sys.argv[2::2]):
    host, colon, port = listen.rpartition(":")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]") or None, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.append(listener)
        listener.bind(address)
        listener.listen(1)
    except (OSError, ValueError) as fault:
        failed = True
        why = fault.strerror if isinstance(fault, OSError) else "not an address and port"
        print(f"make run: cannot listen on {listen}: {why}. Set {variable}, for example to 127.0.0.1:18443.",
              file=sys.stderr)
sys.exit(failed)
PYTHON
}

# --- the private cluster --------------------------------------------------------------------------------------------------

find_postgresql() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin/pg_ctl | sort -t/ -k5 -n | tail -n 1)
  [ -x "$found" ] || die "PostgreSQL's pg_ctl is not installed; run cmd/dev/packages.sh run"
  pg_bin=$(dirname "$found")
}

# A unix socket's path holds at most 107 bytes.
choose_socket_dir() {
  socket_dir=$place/socket
  if [ ${#socket_dir} -gt 80 ]; then
    socket_dir=$(mktemp -d /tmp/muster-socket.XXXXXX)
  fi
  mkdir -p "$socket_dir"
  own "$socket_dir"
  chmod 0700 "$socket_dir"
}

own() { [ ${#as_service[@]} -eq 0 ] || chown "$service_user:$service_user" "$@"; }
secret() { openssl rand -base64 24 | tr -d '\n' | tr '+/' '-_'; }

make_cluster() {
  local partial=$place/postgresql.new
  [ ! -d "$place/postgresql" ] || return 0
  step "making a private PostgreSQL cluster (once; some seconds)"
  rm -rf "$partial"
  mkdir "$partial"
  own "$partial"
  [ -s "$place/owner.password" ] || secret >"$place/owner.password"
  secret >"$place/superuser.password"
  own "$place/superuser.password"
  "${as_service[@]}" "$pg_bin/initdb" --pgdata "$partial" --username postgres --pwfile "$place/superuser.password" \
    --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --data-checksums >"$place/initdb.log" 2>&1 || {
    tail -n 5 "$place/initdb.log" >&2
    die "initdb failed; all it said is in $place/initdb.log"
  }
  # Statements that fail are not logged: they may hold a role's password.
  cat >>"$partial/postgresql.conf" <<'CONFIGURATION'
listen_addresses = ''
max_connections = 200
log_min_error_statement = fatal
log_line_prefix = '%m [%p] %u '
CONFIGURATION
  mv "$partial" "$place/postgresql"
}

# True when the pid file names a living postgres: after a crash another program may have that number.
cluster_runs() {
  local pid
  pid=$(head -n 1 "$place/postgresql/postmaster.pid" 2>/dev/null) || return 1
  [[ $(readlink "/proc/$pid/exe" 2>/dev/null) == */postgres* ]] &&
    [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == *" $place/postgresql "* ]]
}

start_cluster() {
  if cluster_runs; then
    step "stopping the PostgreSQL that a killed run left behind"
    stop_cluster
  fi
  rm -f "$place/postgresql/postmaster.pid"
  touch "$place/postgresql.log"
  own "$place/postgresql.log"
  step "starting PostgreSQL"
  cluster_started=yes
  # -D with a known last argument lets cluster_runs recognise it; descriptor 9 is the lock, which only we may hold.
  "${as_service[@]}" "$pg_bin/pg_ctl" start -w -t 60 -s -D "$place/postgresql" -l "$place/postgresql.log" \
    -o "-c unix_socket_directories='$socket_dir'" 9>&- || {
    tail -n 8 "$place/postgresql.log" >&2
    die "PostgreSQL did not start; its log is $place/postgresql.log"
  }
}

stop_cluster() {
  "${as_service[@]}" "$pg_bin/pg_ctl" stop -m fast -w -t 60 -s -D "$place/postgresql" 9>&- ||
    "${as_service[@]}" "$pg_bin/pg_ctl" stop -m immediate -w -s -D "$place/postgresql" 9>&-
}

# The owner makes roles and owns the schema, and is not a superuser.
make_database() {
  local password
  password=$(cat "$place/owner.password")
  PGPASSWORD=$(cat "$place/superuser.password") "$pg_bin/psql" -h "$socket_dir" -U postgres -d postgres -v ON_ERROR_STOP=1 \
    -qAtX >/dev/null <<SQL || die "cannot prepare the database; PostgreSQL's log is $place/postgresql.log"
SELECT 'CREATE ROLE muster LOGIN CREATEROLE' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster') \gexec
ALTER ROLE muster PASSWORD '$password';
SELECT 'CREATE DATABASE muster OWNER muster' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'muster') \gexec
SQL
  MUSTER_DATABASE_URL="postgresql://muster:$password@/muster?host=${socket_dir//\//%2F}"
}

# --- musterd --------------------------------------------------------------------------------------------------------------

write_configuration() {
  cat >"$place/muster.ini" <<CONFIGURATION
; Written by make run at each start; for a deployment of your own see docs/.
[musterd]
state_dir = $place
user = $([ ${#as_service[@]} -eq 0 ] && id -un || echo "$service_user")

[public]
listen = $public_listen

[desk]
listen = $desk_listen

[ops]
listen = $ops_listen

[database]
url = $MUSTER_DATABASE_URL
CONFIGURATION
  # The file says it all now; a relative path or an old URL in the environment must not win over it.
  unset MUSTER_DATABASE_URL
  export MUSTER_STATE_DIR=$place
}

muster() { "$build/muster" -c "$place/muster.ini" "$@" 9>&-; }

# Runs a quiet step of the operator's command line, and shows what it said only when it failed.
quietly() {
  "$@" >"$place/setup.log" 2>&1 || {
    cat "$place/setup.log" >&2
    die "this step failed: ${*/#muster/$build/muster}"
  }
}

set_up() {
  local sample=$place/sample
  mkdir -p "$sample"
  step "keys, certificate and database roles"
  quietly muster init
  step "migrations and the sample crisis"
  quietly muster migrate
  quietly muster crisis open --sample niger-2023
  if [ ! -e "$sample/staff" ]; then
    step "the sample officer and the SMS gateway"
    [ -s "$sample/password" ] || secret >"$sample/password"
    quietly muster staff add --user "$staff_user" --role officer --crisis "$crisis" --password-file "$sample/password"
    echo "$staff_user" >"$sample/staff"
  fi
  if [ ! -s "$sample/gateway.json" ]; then
    muster gateway add --name kannel --kind kannel --crisis "$crisis" --json >"$sample/gateway.new" ||
      die "this step failed: $build/muster gateway add"
    mv "$sample/gateway.new" "$sample/gateway.json"
  fi
  muster staff token --user "$staff_user" --json >"$sample/token.json" || die "this step failed: $build/muster staff token"
}

# Of a run that was killed: a musterd of this state folder that still holds the ports.
stop_stray_musterd() {
  local pid
  pid=$(cat "$place/musterd.pid" 2>/dev/null) || return 0
  if [[ $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) == *"/musterd -c $place/muster.ini "* ]]; then
    step "stopping the musterd that a killed run left behind"
    end_process "$pid"
  fi
  rm -f "$place/musterd.pid"
}

alive() { [ -n "$(process_fact State "$1" | tr -d ' ZX')" ]; }
# A line of /proc/PID/status: its value, or nothing when there is no such process.
process_fact() { sed -n "s/^$1:[[:space:]]*\([^[:space:]]*\).*/\1/p" "/proc/$2/status" 2>/dev/null || true; }

# SIGTERM and, when 40 s (more than the service's longest deadline) were not enough, SIGKILL.
end_process() {
  kill -TERM "$1" 2>/dev/null || return 0
  for ((i = 0; i < 400; i++)); do
    alive "$1" || return 0
    sleep 0.1
  done
  echo "  musterd did not drain within 40 s: killed" >&2
  kill -KILL "$1" 2>/dev/null || return 0
}

# In a session of its own, so that Ctrl-C reaches it through us, once; and told when we die in a way that no trap sees.
start_musterd() {
  step "starting musterd"
  setsid setpriv --pdeathsig TERM -- "$build/musterd" -c "$place/muster.ini" </dev/null >>"$place/musterd.log" 2>&1 9>&- &
  musterd_pid=$!
  echo "$musterd_pid" >"$place/musterd.pid"
  local deadline=$((SECONDS + 60)) answer=
  until answer=$(curl -sS --max-time 2 --noproxy '*' -w '\n%{http_code}' "$ops_url/readyz" 2>&1) && [ "${answer##*$'\n'}" = 200 ]; do
    [ -z "$stop_wanted" ] || exit 0
    alive "$musterd_pid" || musterd_died
    [ $SECONDS -lt $deadline ] || {
      printf '%s\n' "$answer" >&2
      die "musterd is not ready after 60 s; its log is $place/musterd.log"
    }
    sleep 0.1
  done
}

musterd_died() {
  local status=0
  wait "$musterd_pid" || status=$?
  musterd_pid=
  tail -n 12 "$place/musterd.log" >&2
  die "musterd ended with status $status; its log is $place/musterd.log"
}

# --- what scripts and people are told -------------------------------------------------------------------------------------

# An address to listen on, as one to call: "any address" is called on this machine.
callable() {
  case $1 in
  0.0.0.0:* | \*:* | :*) echo "127.0.0.1:${1##*:}" ;;
  \[::\]:*) echo "[::1]:${1##*:}" ;;
  *) echo "$1" ;;
  esac
}

write_run_json() {
  DATABASE_URL=$database_url /usr/bin/python3 - "$place/sample" "$state/run.json" "$public_url" "$desk_url" "$ops_url" "$ca_file" \
    "$crisis" "$staff_user" <<'PYTHON'
import json, os, sys

sample, target, public_url, desk_url, ops_url, ca_file, crisis, user = sys.argv[1:]


def read(name):
    with open(os.path.join(sample, name), encoding="utf-8") as file:
        return file.read()


told = {
    "public_url": public_url, "desk_url": desk_url, "ops_url": ops_url, "ca_file": ca_file, "crisis": crisis,
    "database_url": os.environ["DATABASE_URL"],
    "staff": {"user": user, "password": read("password").strip()},
    "api_token": json.loads(read("token.json"))["token"],
    "gateway": {key: json.loads(read("gateway.json"))[key] for key in ("name", "kind", "messages_url", "secret")},
}
with open(os.open(target + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
    json.dump(told, file, indent=2)
    file.write("\n")
os.rename(target + ".new", target)
PYTHON
}

welcome() {
  cat <<TEXT

  Muster is ready: Niger, 2023 (a sample; everyone in it is invented).

    Citizens     $public_url
    Staff        $desk_url     sign in as  $staff_user  with  $(cat "$place/sample/password")
    Operations   $ops_url/readyz  and  /metrics

  Your browser will not know the certificate: it is our own, $ca_file
  For scripts: $state/run.json      Log: $place/musterd.log
  Ctrl-C stops all of it; the data stay in $place.

TEXT
}

# --- the life of a run ----------------------------------------------------------------------------------------------------

clean_up() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  rm -f "$state/run.json" "$state/run.json.new"
  if [ -n "$musterd_pid" ]; then
    step "stopping musterd (answers in flight are finished)"
    end_process "$musterd_pid"
    wait "$musterd_pid" 2>/dev/null || status=$?
    rm -f "$place/musterd.pid"
  fi
  if [ -n "$cluster_started" ] && cluster_runs; then
    step "stopping PostgreSQL"
    stop_cluster || status=1
  fi
  case $socket_dir in /tmp/muster-socket.*) rm -rf "$socket_dir" ;; esac
  [ "$status" -ne 0 ] || step "stopped; your data are kept"
  exit "$status"
}

on_signal() {
  stop_wanted=yes
  echo
}

catches_int() { ((16#$(process_fact SigCgt "$1") & 2)); }

# `make` ended, or caught a Ctrl-C that was sent to it alone (it then waits for us with SIGINT no longer caught: bit 2 of SigCgt).
make_is_over() {
  [ -n "$make_pid" ] || return 1
  [ "$(process_fact PPid $$)" = "$make_pid" ] || return 0
  [ -n "$make_catches_int" ] && ! catches_int "$make_pid"
}

watch_over() {
  while [ -z "$stop_wanted" ]; do
    alive "$musterd_pid" || musterd_died
    ! make_is_over || return 0
    sleep 1 9>&- &
    wait $! || true # a signal ends the wait early, which is the point
  done
}

make_pid=
make_catches_int=
if [ "$(cat /proc/$PPID/comm)" = make ]; then
  make_pid=$PPID
  ! catches_int "$make_pid" || make_catches_int=yes
fi
for program in musterd muster; do
  [ -x "$build/$program" ] || die "$build/$program is not built; run make"
done
take_lock
trap clean_up EXIT
trap on_signal INT TERM HUP

echo "Muster is starting (state in $state)"
make_service_user
choose_place
stop_stray_musterd
check_ports
if [ -z "${MUSTER_DATABASE_URL:-}" ]; then
  find_postgresql
  choose_socket_dir
  make_cluster
  start_cluster
  make_database
fi
database_url=$MUSTER_DATABASE_URL
write_configuration
public_url=${MUSTER_PUBLIC_URL:-https://$(callable "$public_listen")}
desk_url=https://$(callable "$desk_listen")
ops_url=http://$(callable "$ops_listen")
ca_file=${MUSTER_TLS_CERTIFICATE:-$place/tls/server.crt}
[ -n "$stop_wanted" ] || set_up
[ -n "$stop_wanted" ] || start_musterd
[ -n "$stop_wanted" ] || { write_run_json && welcome; }
watch_over
