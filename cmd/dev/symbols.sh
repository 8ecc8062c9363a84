#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# symbols.sh BUILD/libmuster.a: each name that a file of lib/ exports begins with the name of its module, the first word of its
# file's, the name of a type that its module's headers declare, or with one of the prefixes granted below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
objects=$(dirname "$1")/obj/lib

# FILE PREFIX...: families of names that a file holds without a type of theirs.
granted() {
  case $1 in
  core/id) echo "hex random" ;;
  core/clock) echo "date time" ;;
  domain/place) echo "cell distance" ;;
  domain/triage) echo "band vocabulary" ;;
  *) echo "" ;;
  esac
}

# The types that a module's headers declare or define.
declared() {
  sed -nE 's/^(struct|enum|union) ([a-z][a-z0-9_]*)( \{|;).*/\2/p' "lib/$1"/*.h | sort -u | tr '\n' ' '
}
declare -A types

status=0
while IFS= read -r object; do
  file=${object#"$objects"/}
  file=${file%.o}
  # left behind in the build folder by a file that is gone
  [ -f "lib/$file.c" ] || [ -f "lib/$file.cc" ] || continue
  module=${file%%/*} stem=${file##*/}
  [ -n "${types[$module]:-}" ] || types[$module]=$(declared "$module")
  prefixes="$module ${stem%%_*} $(granted "$file") ${types[$module]}"
  while IFS= read -r symbol; do
    for prefix in $prefixes; do
      case $symbol in "$prefix" | "$prefix"_*) continue 2 ;; esac
    done
    echo "lib/$file exports $symbol, which does not begin with $module, ${stem%%_*} or a type of the module" >&2
    status=1
  done < <(nm --defined-only --extern-only --format=posix "$object" | awk '$2 ~ /[TDBRVW]/ && $1 !~ /^(_Z|__|DW\.)/ { print $1 }')
done < <(find "$objects" -name '*.o' | sort)
exit $status
