#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh: check-ins a second over TLS, beside what pgbench gets from the same PostgreSQL in the same run.
#
# The peer is a prepared transaction that inserts one row as wide as a check-in, with the same indexes, and updates its party's row:
# what a service without batching would do, with neither TLS, HTTP, sealing nor triage. fsync is on, for both. The figures depend on
# the disk; the ratio much less. Writes build/bench.json. BENCH_SECONDS (15), BENCH_CONNECTIONS (64), BENCH_PARTIES (2000).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${BENCH_SECONDS:-15} connections=${BENCH_CONNECTIONS:-64} parties=${BENCH_PARTIES:-2000}
folder=$PWD/build/bench
state=$folder/state
run_pid=

say() { printf 'bench: %s\n' "$*" >&2; }
clean_up() {
  [ -z "$run_pid" ] || { kill -TERM "$run_pid" 2>/dev/null && wait "$run_pid" || true; } # it may have ended by itself
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# field PATH: a member of run.json
field() {
  /usr/bin/python3 -c 'import functools, json, sys
print(functools.reduce(lambda tree, key: tree[key], sys.argv[2].split("."), json.load(open(sys.argv[1]))))' "$state/run.json" "$1"
}

start() {
  local ports
  mkdir -p "$folder"
  if [ -L "$state/elsewhere" ]; then # where run.sh keeps what its service user could not reach here
    rm -rf "$(realpath "$state/elsewhere")"
  fi
  rm -rf "$state"
  read -r -a ports < <(/usr/bin/python3 -c 'import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in held))')
  say "starting a private cluster and musterd"
  MUSTER_DATABASE_URL='' MUSTER_STATE_DIR=$state MUSTER_PUBLIC_LISTEN=127.0.0.1:${ports[0]} \
    MUSTER_DESK_LISTEN=127.0.0.1:${ports[1]} MUSTER_OPS_LISTEN=127.0.0.1:${ports[2]} cmd/dev/run.sh >"$folder/run.log" 2>&1 &
  run_pid=$!
  for ((i = 0; i < 1200; i++)); do
    [ ! -f "$state/run.json" ] || break
    kill -0 "$run_pid" 2>/dev/null || break
    sleep 0.1
  done
  [ -f "$state/run.json" ] || {
    cat "$folder/run.log" >&2
    exit 1
  }
  port=${ports[0]}
  eval "$(/usr/bin/python3 -c 'import shlex, sys, urllib.parse as url
at = url.urlsplit(sys.argv[1])
settings = {"PGUSER": at.username, "PGPASSWORD": url.unquote(at.password or ""), "PGDATABASE": at.path.strip("/"),
            "PGHOST": url.parse_qs(at.query).get("host", [at.hostname])[0]}
print("".join(f"export {name}={shlex.quote(value or str())}\n" for name, value in settings.items()))' "$(field database_url)")"
}

peer() {
  say "the peer: pgbench, $connections clients, $seconds s"
  psql -qX -v ON_ERROR_STOP=1 >/dev/null <<SQL
CREATE SCHEMA bench;
CREATE TABLE bench.party (registration_id bigint PRIMARY KEY, last_status text, last_check_in_at timestamptz, cell text,
  check_in_by timestamptz);
CREATE TABLE bench.check_in (registration_id bigint NOT NULL REFERENCES bench.party, client_id uuid NOT NULL, content_mac bytea NOT NULL,
  status text, needs integer NOT NULL, band smallint, reasons integer NOT NULL, channel text NOT NULL, cell text, epoch_id uuid NOT NULL,
  sealed_message bytea, sealed_location bytea, received_at timestamptz NOT NULL, PRIMARY KEY (registration_id, client_id));
CREATE INDEX ON bench.check_in (client_id);
INSERT INTO bench.party SELECT n, NULL, NULL, 's1z0g', now() FROM generate_series(1, $parties) AS n;
SQL
  cat >"$folder/peer.sql" <<SQL
\\set id random(1, $parties)
BEGIN;
INSERT INTO bench.check_in VALUES (:id, gen_random_uuid(), decode(repeat('ab', 32), 'hex'), 'safe', 0, NULL, 0, 'api', 's1z0g',
  '00000000-0000-4000-8000-000000000000', decode(repeat('cd', 128), 'hex'), decode(repeat('ef', 96), 'hex'), now());
UPDATE bench.party SET last_status = 'safe', last_check_in_at = now(), check_in_by = now() + interval '24 hours', cell = 's1z0g'
  WHERE registration_id = :id;
COMMIT;
SQL
  rm -f "$folder"/peer-log.*
  "$(pg_config_bin)/pgbench" --no-vacuum --protocol prepared --client "$connections" --jobs 2 --time "$seconds" --log \
    --log-prefix "$folder/peer-log" --file "$folder/peer.sql" >"$folder/peer.txt" 2>&1 || {
    cat "$folder/peer.txt" >&2
    exit 1
  }
}

pg_config_bin() { dirname "$(printf '%s\n' /usr/lib/postgresql/*/bin/pgbench | sort -t/ -k5 -n | tail -n 1)"; }

ours() {
  say "musterd: $connections TLS connections, $parties registrations, then check-ins for $seconds s"
  build/bench/load "$port" "$(field ca_file)" "$(field crisis)" "$connections" "$parties" "$seconds" >"$folder/load.json"
}

report() {
  /usr/bin/python3 - "$folder" "$connections" build/bench.json <<'PYTHON'
import glob, json, os, re, sys

folder, connections, target = sys.argv[1:]
latencies = sorted(int(line.split()[2]) for path in glob.glob(f"{folder}/peer-log.*") for line in open(path))
with open(f"{folder}/peer.txt", encoding="utf-8") as file:
    peer_rate = float(re.search(r"tps = ([0-9.]+) \(without", file.read()).group(1))
with open(f"{folder}/load.json", encoding="utf-8") as file:
    load = json.load(file)
peer = {"rate": round(peer_rate, 1), "p50_ms": latencies[len(latencies) // 2] / 1000, "p99_ms": latencies[len(latencies) * 99 // 100] / 1000}
result = {"connections": int(connections), "cores": os.cpu_count(), "musterd": load, "pgbench": peer,
          "ratio": round(load["check_ins"]["rate"] / peer_rate, 2)}
with open(target, "w", encoding="utf-8") as file:
    json.dump(result, file, indent=2)
    file.write("\n")
print(f"\n{'':34}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}")
for name, row in (("pgbench: insert + update", peer), ("musterd: registrations over TLS", load["registrations"]),
                  ("musterd: check-ins over TLS", load["check_ins"])):
    print(f"{name:34}{row['rate']:>10.0f}{row['p50_ms']:>10.2f}{row['p99_ms']:>10.2f}")
print(f"\ncheck-ins to the peer's transactions: {result['ratio']} to 1, on {result['cores']} cores shared with the load generator")
PYTHON
}

start
peer
ours
report
