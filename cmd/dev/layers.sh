#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers.sh MODULE ALLOWED...: fails when a file of lib/MODULE includes a module that is not in ALLOWED.
set -eu
module=$1
shift
status=0
for file in lib/"$module"/*.c lib/"$module"/*.h lib/"$module"/*.cc; do
  [ -e "$file" ] || continue
  for used in $(sed -n 's/^#include "\([a-z_]*\)\/.*/\1/p' "$file" | sort -u); do
    case " $* " in
    *" $used "*) ;;
    *)
      echo "$file: lib/$module may not include lib/$used (it may include: $*)" >&2
      status=1
      ;;
    esac
  done
done
exit $status
