#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# packages.sh GROUP...: installs the Debian packages of the groups that are missing, and nothing when none is.
set -euo pipefail

declare -A GROUPS_OF=(
  [build]="build-essential pkg-config libevent-dev libssl-dev libpq-dev libjansson-dev libsodium-dev libphonenumber-dev
           libseccomp-dev libcurl4-openssl-dev libbrotli-dev zlib1g-dev liboath-dev libqrencode-dev node-llhttp libjs-leaflet python3"
  [run]="postgresql openssl ca-certificates curl python3"
  [test]="libcmocka-dev clang clang-format libclang-rt-14-dev python3-pytest python3-pytest-xdist python3-psycopg2 python3-requests
          kannel kannel-extras chromium chromium-driver libnss3-tools python3-selenium procps gettext
          fuse3 libfuse3-dev eatmydata slowhttptest"
  [bench]="nginx-light slowhttptest"
)

say() { printf 'packages: %s\n' "$*" >&2; }

wanted=()
for group in "$@"; do
  [ -n "${GROUPS_OF[$group]:-}" ] || { say "no such group: $group (there are: ${!GROUPS_OF[*]})"; exit 2; }
  read -r -d '' -a names <<<"${GROUPS_OF[$group]}" || true # read ends at the end of the text, not at a delimiter
  wanted+=("${names[@]}")
  [ "$group" != test ] || command -v npm >/dev/null || wanted+=(npm) # for axe.sh; whoever's npm it is
done
[ ${#wanted[@]} -gt 0 ] || { say "usage: packages.sh GROUP..."; exit 2; }

command -v dpkg-query >/dev/null || {
  say "this is not a Debian system; install by hand what corresponds to: ${wanted[*]}"
  exit 1
}

declare -A installed=()
while read -r name state; do
  [ "$state" != installed ] || installed[$name]=1
done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true) # absent names are the point
missing=()
for name in "${wanted[@]}"; do
  [ -n "${installed[$name]:-}" ] || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    say "missing: ${missing[*]}"
    say "run this as root, or install sudo, or ask an administrator for: apt-get install ${missing[*]}"
    exit 1
  }
  as_root=(sudo)
fi
say "installing ${#missing[@]} Debian packages: ${missing[*]}"

# Packages of daemons start them when installed. Ours run privately or not at all, so that is refused while we install
# (the interface is Debian's policy-rc.d); and no PostgreSQL cluster is made on a machine that has none yet.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 0755 "$policy"
fi
if ! dpkg-query -W postgresql-common >/dev/null 2>&1; then
  "${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
  printf 'create_main_cluster = false\n' |
    "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/no-main-cluster.conf >/dev/null
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none \
    apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}
if ! log=$(apt update 2>&1); then
  printf '%s\n' "$log" >&2
  say "apt-get update failed: is the network up?"
  exit 1
fi
apt install -y --no-install-recommends "${missing[@]}" || {
  say "apt-get install failed for: ${missing[*]}"
  exit 1
}
